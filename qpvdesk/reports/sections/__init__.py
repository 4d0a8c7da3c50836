"""The sections of a report, one module each: frozen data in, blocks of the page out."""
