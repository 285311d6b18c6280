"""A large plain log slice by slice: the system copies the bytes, only line ends are looked for.

What a query engine holds of a log then depends on the slice and not on the log. Where a slice turns
out to hold more than rows of one kind, ``cut`` takes the log from there.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from gaugeglass.logs.cut import SEGMENT_BYTES
from gaugeglass.logs.segment import MAX_LINE, Segment

#: A log up to this size is read where it lies, which spares copying it.
WHOLE_BYTES = 2 * SEGMENT_BYTES
#: JSON names every field in every row: the same rows, and what an engine holds of them, are three
#: times as many bytes as in TSV.
JSON_TIMES = 3
_LOOK = 1 << 20


class Slices:
    """Iterate over a log's slices, all in one scratch file. ``start`` and ``end`` are the place of
    the last one handed out, in bytes; it is the log's last slice if ``end`` is ``size``.

    ``whole`` is the log as one segment (see ``segment.in_place``), of ``size`` bytes that end a
    line. A slice (of at least ``slice_bytes``) is larger than the log's header.
    """

    def __init__(self, whole: Segment, size: int, scratch: Path, slice_bytes: int) -> None:
        self._whole, self.size = whole, size
        self._target = scratch / "slice.txt"
        self._bytes = slice_bytes
        self.start = self.end = 0
        self._counted = (0, 1)  # a place, and the number of the line that starts there

    def __iter__(self) -> Iterator[Segment]:
        """Give the slices; ends before one that can't be had: a longer line, a log cut short."""
        first = self._whole
        try:
            with self._whole.path.open("rb") as log, self._target.open("wb") as target:
                self._log = log.fileno()
                while self.end < self.size:
                    end = self._line_end(self.end + self._bytes)
                    if end is None or not _copy(self._log, target.fileno(), self.end, end):
                        return
                    self.start, self.end = self.end, end
                    yield replace(
                        first, path=self._target, line=0, count=self._first_line,
                        skip=first.skip if self.start == 0 else 0,
                    )  # fmt: skip
        finally:
            self._target.unlink(missing_ok=True)

    def _line_end(self, near: int) -> int | None:
        """Where the line ends in which ``near`` lies; None if it is too long for a line."""
        if near >= self.size:
            return self.size
        for at in range(near, near + MAX_LINE, _LOOK):
            found = os.pread(self._log, _LOOK, at).find(b"\n")
            if found >= 0:
                return at + found + 1
        return None

    def _first_line(self) -> int:
        """The number of the slice's first row in the log: only who rejects a row asks for it."""
        at, line = self._counted
        while chunk := os.pread(self._log, min(_LOOK, self.start - at), at):
            line += chunk.count(b"\n")
            at += len(chunk)
        self._counted = (at, line)
        return line + (self._whole.skip if self.start == 0 else 0)


def _copy(log: int, target: int, start: int, end: int) -> bool:
    """Make the log's bytes from ``start`` to ``end`` all of the target; False if it has fewer.

    The target's pages are written over and not given back: new ones cost several times as much.
    """
    at = start
    os.lseek(target, 0, os.SEEK_SET)
    while at < end:
        sent = os.sendfile(target, log, at, end - at)
        if sent == 0:
            return False
        at += sent
    os.ftruncate(target, end - start)
    return True
