"""The short papers, one module each: frozen data in, blocks of the page out."""
