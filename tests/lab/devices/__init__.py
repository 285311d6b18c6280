"""The servers of the lab plant, one protocol a file."""
