"""Errors whose message is written for the person at the terminal: what, where, and the remedy."""

from __future__ import annotations


class Told(Exception):
    """Mixed into an error that the command line shows without a traceback."""
