"""Where the rules are: in the checkout and in an installed package, the same way."""

from __future__ import annotations

from pathlib import Path

from gaugeglass.errors import Told

_DATA = Path(__file__).parent / "data"


class RulesMissing(Told, FileNotFoundError):
    """This installation came without its rules."""


def folder() -> Path:
    """The folder with the ``*.rules`` files, ``gaugeglass.yaml`` and ``disable.conf``."""
    if not (_DATA / "gaugeglass.yaml").is_file():
        raise RulesMissing(
            f"{_DATA}: no rules came with this installation; in a checkout on a file system"
            " without symbolic links, give the folder suricata-rules/ with --rules"
        )
    return _DATA.resolve()


def overlay() -> Path:
    """The yaml that turns on what the rules need."""
    return folder() / "gaugeglass.yaml"


def disable_conf() -> Path:
    """suricata-update's list of Suricata's own rules that fire on healthy control traffic."""
    return folder() / "disable.conf"
