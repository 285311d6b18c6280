"""The activity ledger: what the sensors said, as mergeable rows, committed crash-safely."""
