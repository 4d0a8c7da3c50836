"""The extra « région »: the contracts of many officers in PostgreSQL and in Parquet, reckoned by the same engine."""
