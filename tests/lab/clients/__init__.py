"""The legitimate clients of the lab plant, one habit a file."""
