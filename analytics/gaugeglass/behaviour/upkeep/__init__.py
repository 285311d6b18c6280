"""What keeps a baseline true: versions, decisions, maintenance, modes and drift."""
