"""Care of the file of a base: backups, repair, passphrase, erasure, reports of incidents."""
