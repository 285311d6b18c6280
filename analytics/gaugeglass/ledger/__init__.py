"""The activity ledger: what the sensors said, as mergeable rows in Parquet, committed crash-safely."""
