"""What is printed: frozen data in, a PDF out. Knows neither the base nor the window."""

from qpvdesk.reports import unhurried as unhurried
