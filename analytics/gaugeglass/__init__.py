"""Passive visibility for industrial networks: logs in, assets and ATT&CK-tagged alerts out."""

__version__ = "0.1.0"
