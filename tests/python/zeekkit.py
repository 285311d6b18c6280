"""Where the Zeek package is, and the name of its compiled analyzers.

The analyzers are compiled together and for debugging, which takes a fraction of the time, into
``build/zeek-tests/`` under a name made of the grammars' contents: another run finds them there.
"""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "zeek-scripts"
GRAMMARS = SCRIPTS / "spicy"
CACHE = ROOT / "build" / "zeek-tests"


def sources() -> list[Path]:
    """What is compiled: the events, and the grammars with the parts in their folders."""
    return sorted(GRAMMARS.glob("*.evt")) + sorted(GRAMMARS.rglob("*.spicy"))


def digest() -> str:
    """A name for what the grammars say now, with this Zeek."""
    seen = hashlib.sha256(subprocess.check_output(["zeek", "--version"]))
    for path in sources():
        seen.update(str(path.relative_to(GRAMMARS)).encode() + b"\0" + path.read_bytes())
    return seen.hexdigest()[:16]
