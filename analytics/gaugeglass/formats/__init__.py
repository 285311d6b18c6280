"""Alerts and assets as the field's documents: ECS, OCSF, CEF, CSV, JSON lines. Pure functions."""
