"""The command line: one file per command, found by looking."""

from gaugeglass.cli.main import main

__all__ = ["main"]
