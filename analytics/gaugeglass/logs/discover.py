"""Find log files under the paths a person gave, whatever the rotation scheme.

Understood names: ``conn.log``, ``conn.10:00:00-11:00:00.log.gz`` (Zeek rotation),
``2026-11-22/conn...`` (Zeek's dated folders), ``conn_20261122_10:00.log``, ``eve.json``,
``eve-2026-11-22.json``, ``eve.json.1.gz`` and ``eve.json-20261122.gz`` (logrotate), each plain,
``.gz`` or ``.zst``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

COMPRESSED = (".gz", ".zst")
_NAME = re.compile(
    r"""^(?P<kind>[A-Za-z][A-Za-z0-9_]*?(?:-[A-Za-z][A-Za-z0-9_]*?)*?)
        (?:(?:[.-]|_(?=\d{4}))(?P<stamp>\d[\w:.+-]*?))?
        \.(?P<ext>log|json|jsonl|ndjson)
        (?:[.-](?P<number>\d[\w-]*))?$""",
    re.VERBOSE,
)
#: Text that Zeek's and Suricata's own tools write beside the logs, without rows.
NOT_LOGS = frozenset({"stdout", "stderr", "conn-summary", "suricata", "fast"})


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
        for path in _walk(root, skipped):
            try:
                info = path.stat()
                str(path).encode()
            except OSError as err:
                skipped.append((path, f"cannot be read: {err.strerror}"))
                continue
            except UnicodeEncodeError:
                shown = os.fsencode(path).decode("utf-8", "backslashreplace")
                skipped.append((Path(shown), "its name is not UTF-8"))
                continue
            log = parse_name(path, root)
            if log is None and path == root:  # named by the person: its content will tell
                compression = path.suffix if path.suffix in COMPRESSED else ""
                log = LogFile(path, root.parent, "", "", compression)
            if log is None:
                skipped.append((path, "not named like a log"))
            else:
                found.setdefault((info.st_dev, info.st_ino), log)
    return sorted(found.values(), key=lambda f: str(f.path)), skipped


def _walk(root: Path, skipped: list[tuple[Path, str]]) -> Iterator[Path]:
    """Files under ``root`` (or itself); what can't be entered is added to ``skipped``."""

    def refused(err: OSError) -> None:
        skipped.append((Path(err.filename), f"cannot be read: {err.strerror}"))

    try:
        if not root.exists():
            skipped.append((root, "no such file or folder"))
            return
        if root.is_file():
            yield root
            return
    except OSError as err:
        refused(err)
        return
    seen: set[tuple[int, int]] = set()
    for folder, folders, files in os.walk(root, followlinks=True, onerror=refused):
        try:
            info = Path(folder).stat()
        except OSError as err:  # gone since it was listed
            refused(err)
            continue
        if (info.st_dev, info.st_ino) in seen:
            folders.clear()
            continue
        seen.add((info.st_dev, info.st_ino))
        folders.sort()
        for name in sorted(files):
            path = Path(folder, name)
            try:
                if path.is_file():  # leaves out sockets, pipes and dangling links
                    yield path
            except OSError as err:
                refused(err)
