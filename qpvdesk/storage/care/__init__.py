"""Keeping a base safe: backups and their return, the passphrase, travelling copies, erasing for good."""
