"""Find log files under the paths a person gave, whatever the rotation scheme.

Understood names: ``conn.log``, ``conn.10:00:00-11:00:00.log.gz`` (Zeek rotation),
``2026-11-22/conn...`` (Zeek's dated folders), ``conn_20261122_10:00.log``, ``eve.json``,
``eve-2026-11-22.json``, ``eve.json.1.gz`` (logrotate), each plain, ``.gz`` or ``.zst``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

COMPRESSED = (".gz", ".zst")
_NAME = re.compile(
    r"""^(?P<kind>[A-Za-z][A-Za-z0-9_]*?)
        (?:[._-](?P<stamp>\d[\w:.+-]*?))?
        \.(?P<ext>log|json|jsonl|ndjson)
        (?:\.(?P<number>\d[\w-]*))?$""",
    re.VERBOSE,
)
#: Files that Zeek and Suricata write beside their logs and that hold no rows.
NOT_LOGS = frozenset(
    {"stdout", "stderr", "suricata", "stats", "fast", "reporter", "loaded_scripts", "packet_filter"}
    - {"stats", "reporter", "loaded_scripts", "packet_filter"}
)


@dataclass(frozen=True)
class LogFile:
    """One file that may be a log."""

    path: Path
    root: Path  # the path the person gave that it was found under
    kind: str  # by its name; the content has the last word
    stamp: str  # rotation stamp in its name, '' if none
    compression: str  # '', '.gz' or '.zst'

    @property
    def siblings(self) -> tuple[str, str]:
        """Logs with the same value were written side by side for the same time."""
        return (str(self.path.parent), self.stamp)


def parse_name(path: Path, root: Path) -> LogFile | None:
    """What ``path``'s name says, or None where it doesn't look like a log."""
    name, compression = path.name, ""
    if path.suffix in COMPRESSED:
        name, compression = path.stem, path.suffix
    match = _NAME.match(name)
    if match is None or match["kind"].lower() in NOT_LOGS:
        return None
    stamp = ".".join(p for p in (match["stamp"], match["number"]) if p)
    return LogFile(path, root, match["kind"].lower(), stamp, compression)


def find(paths: list[Path]) -> tuple[list[LogFile], list[tuple[Path, str]]]:
    """Log files under ``paths`` in a stable order, and what was passed over with the reason.

    Symbolic links are followed (Zeek's ``current`` is one); a file reached twice counts once.
    """
    found: dict[tuple[int, int], LogFile] = {}
    skipped: list[tuple[Path, str]] = []
    for root in paths:
        if not root.exists():
            skipped.append((root, "no such file or folder"))
            continue
        for path in _walk(root):
            log = parse_name(path, root)
            if log is None and path == root:
                log = LogFile(path, root.parent, "", "", path.suffix if path.suffix in COMPRESSED
                              else "")  # fmt: skip
            try:
                info = path.stat()
            except OSError as err:
                skipped.append((path, f"cannot be read: {err.strerror}"))
                continue
            if log is None:
                skipped.append((path, "not named like a log"))
            else:
                found.setdefault((info.st_dev, info.st_ino), log)
    return sorted(found.values(), key=lambda f: str(f.path)), skipped


def _walk(root: Path) -> Iterator[Path]:
    if root.is_file():
        yield root
        return
    seen: set[tuple[int, int]] = set()
    for folder, folders, files in os.walk(root, followlinks=True):
        info = Path(folder).stat()
        if (info.st_dev, info.st_ino) in seen:
            folders.clear()
            continue
        seen.add((info.st_dev, info.st_ino))
        folders.sort()
        for name in sorted(files):
            path = Path(folder, name)
            if path.is_file():  # leaves out sockets, pipes and dangling links
                yield path
