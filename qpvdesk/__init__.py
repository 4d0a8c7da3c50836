"""qpvdesk: a desktop application to follow a *contrat de ville*, offline and in French."""

__version__ = "0.1.0"
