"""The self-contained HTML report: one file, no network access, safe to open anywhere."""
