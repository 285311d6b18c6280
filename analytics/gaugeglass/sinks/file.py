"""``file:PATH``: one line per alert, appended. ``?format=ecs|ocsf|cef|csv``.

A batch is written and synced to disk before it counts as sent. What a crash may leave is mended
before the next write: a torn last line of ours is cut off, and lines of the batch that had already
reached the file are not written again. A file that was rotated away is opened anew.
"""

from __future__ import annotations

import csv
import fcntl
import json
import os
import stat
from collections.abc import Sequence
from pathlib import Path

from gaugeglass.alerts.model import Alert
from gaugeglass.formats.clean import clean
from gaugeglass.formats.csv import ALERT_COLUMNS
from gaugeglass.formats.render import FORMATS, STARTS, header, render
from gaugeglass.sinks.base import Context, Delivery
from gaugeglass.sinks.url import SinkUrl

SCHEMES = ("file",)

#: Bytes at the file's end in which an interrupted batch is looked for.
TAIL = 4 << 20


class FileSink:
    """Appends lines to one file."""

    def __init__(self, path: Path, fmt: str) -> None:
        self.name = clean(f"file:{path}")
        self._path = path
        self._fmt = fmt
        self._fd = self._open()
        self._present: set[bytes] | None = None  # lines at the end, until the first send is done

    def send(self, alerts: Sequence[Alert], context: Context) -> Delivery:
        """Append and sync the whole batch, or leave the file as it was."""
        ids = tuple(a.id for a in alerts)
        try:
            self._follow()
            fcntl.flock(self._fd, fcntl.LOCK_EX)
            try:
                lines = [
                    render(a, self._fmt, context.assets, context.site).encode() for a in alerts
                ]
                if self._present is None:
                    self._present = self._mend(lines)
                self._append([x for x in lines if x not in self._present])
            finally:
                fcntl.flock(self._fd, fcntl.LOCK_UN)
        except OSError as err:
            return Delivery(failed=ids, error=f"sink {self.name}: {_remedy(err)}")
        self._present = set()
        return Delivery(sent=ids)

    def close(self) -> None:
        """Close the file."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def _open(self) -> int:
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
        fd = os.open(self._path, flags, 0o640)  # alerts are for the operators, not for everyone
        folder = os.open(self._path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(folder)  # a file that was just made is still there after a crash
        finally:
            os.close(folder)
        return fd

    def _follow(self) -> None:
        """Open the path anew if it is no longer the file that is held."""
        held = os.fstat(self._fd)
        try:
            now = self._path.stat()
        except FileNotFoundError:
            now = None
        if now is None or (now.st_dev, now.st_ino) != (held.st_dev, held.st_ino):
            fresh = self._open()
            os.close(self._fd)
            self._fd, self._present = fresh, None

    def _regular(self) -> bool:
        return stat.S_ISREG(os.fstat(self._fd).st_mode)

    def _mend(self, due: Sequence[bytes]) -> set[bytes]:
        """See to a torn last line; give the lines at the file's end. ``due``: lines to come."""
        if not self._regular():
            return set()
        size = os.fstat(self._fd).st_size
        lines = os.pread(self._fd, TAIL, max(0, size - TAIL)).split(b"\n")
        torn = lines.pop()
        if torn and self._is_fragment(torn, due):
            os.ftruncate(self._fd, size - len(torn))
        elif torn:
            self._write(b"\n")
            lines.append(torn)
        return set(lines)

    def _is_fragment(self, torn: bytes, due: Sequence[bytes]) -> bool:
        """Whether ``torn`` is a part of a line of ours, so that nothing is lost with it."""
        if any(line.startswith(torn) and line != torn for line in due):
            return True
        start = STARTS[self._fmt].encode()
        if not (torn.startswith(start) or start.startswith(torn)) or self._fmt == "cef":
            return False  # of a CEF line nobody can tell whether it is whole
        try:
            text = torn.decode()
            if self._fmt == "csv":
                rows = list(csv.reader([text], strict=True))
                return [len(row) for row in rows] != [len(ALERT_COLUMNS)]
            json.loads(text)
        except (ValueError, csv.Error):
            return True
        return False

    def _append(self, lines: Sequence[bytes]) -> None:
        if not lines:
            return
        before = os.fstat(self._fd).st_size
        top = [header(self._fmt).encode()] if header(self._fmt) and before == 0 else []
        try:
            self._write(b"".join(x + b"\n" for x in (*top, *lines)))
            if self._regular():
                os.fsync(self._fd)
        except OSError:
            if self._regular():
                os.ftruncate(self._fd, before)
            raise

    def _write(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(self._fd, view) :]


def open_url(url: SinkUrl) -> FileSink:
    """``file:alerts.jsonl``, ``file:/var/log/gaugeglass/alerts.jsonl`` or ``file:///...``."""
    fmt = url.choice("format", FORMATS, "ecs")
    if url.host not in (None, "localhost"):
        raise url.error("names a host; write file:PATH or file:///PATH")
    if not url.path:
        raise url.error("has no path; write file:PATH")
    url.finish()
    try:
        return FileSink(Path(url.path).absolute(), fmt)
    except (OSError, ValueError) as err:
        raise url.error(_remedy(err)) from err


def _remedy(err: Exception) -> str:
    if isinstance(err, FileNotFoundError):
        return "its folder does not exist; create it"
    if isinstance(err, IsADirectoryError):
        return "is a folder; name a file in it"
    if isinstance(err, PermissionError):
        return "may not be written; let this user write it or choose another path"
    reason = err.strerror if isinstance(err, OSError) and err.strerror else str(err)
    return f"cannot be written: {reason}; free space or choose another path"
