"""What a contract is and what is said of it. Standard library, and msgspec for the records."""
