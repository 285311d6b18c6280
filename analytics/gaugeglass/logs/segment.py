"""Segments of a log, which a query engine can read strictly: one header, whole lines.

A plain, complete file is used where it lies; anything else (compressed, resumed at an offset, a
second header, a half-written last line) is cut, see ``cut``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import BinaryIO

from gaugeglass.logs.discover import LogFile
from gaugeglass.logs.header import Header, Sniffed
from gaugeglass.logs.stream import Stream

MAX_LINE = 2 << 20
_LOOK = 256 << 10  # bytes looked at at a time; they stay in the processor's cache
CUT_OFF = "cut off mid-line"
TOO_LONG = f"line longer than {MAX_LINE >> 20} MiB"

_GLOB = frozenset("*?[]{}")  # DuckDB's readers would look for other files


@dataclass(frozen=True)
class Segment:
    """Rows on disk under one header. ``line`` is the original number of its first row; where that
    takes counting, ``count`` does it when :meth:`first_line` is asked for."""

    path: Path
    skip: int
    line: int
    header: Header
    dirty: bool = False
    temporary: bool = True
    count: Callable[[], int] | None = None

    def first_line(self) -> int:
        """The number in the log of its first row."""
        return self.count() if self.count else self.line


def in_place(log: LogFile, sniffed: Sniffed) -> Segment | None:
    """The file itself as a segment, where its name and its end allow it (else None).

    Zeek's TSV is fit to be read so only if :func:`has_return` finds nothing in it.
    """
    if log.compression or _GLOB & set(str(log.path)):
        return None
    n = sniffed.header_lines
    if sniffed.format == "zeek_tsv" and not (n and sniffed.header.fields):
        return None
    with log.path.open("rb", buffering=0) as file:
        size = file.seek(0, 2)
        if size == 0:
            return None
        file.seek(size - 1)
        if file.read(1) != b"\n":
            return None
    return Segment(log.path, n, n + 1, sniffed.header, temporary=False)


def has_return(path: Path) -> bool:
    """Whether there is a carriage return in the file.

    DuckDB's TSV reader loses rows without a word where lines end in two ways.
    """
    buffer = bytearray(_LOOK)  # one for all reads: memory is not asked for again and again
    with path.open("rb", buffering=0) as file:
        while size := file.readinto(buffer):
            if buffer.find(b"\r", 0, size) >= 0:
                return True
    return False


class HasReturn(Thread):
    """:func:`has_return` while an engine reads the file."""

    def __init__(self, path: Path) -> None:
        super().__init__(daemon=True)
        self._path, self._found = path, False
        self._error: OSError | None = None
        self.start()

    def run(self) -> None:
        """Look, and keep what is found or what was in the way."""
        try:
            self._found = has_return(self._path)
        except OSError as err:
            self._error = err

    def result(self) -> bool:
        """Whether there is one.

        Raises:
            OSError: the file can't be read.
        """
        self.join()
        if self._error:
            raise self._error
        return self._found


def count_lines(log: LogFile, upto: int) -> int:
    """Lines that end within the first ``upto`` decompressed bytes."""
    lines = seen = 0
    for chunk in Stream(log.path, log.compression):
        lines += chunk[: upto - seen].count(b"\n")
        seen += len(chunk)
        if seen >= upto:
            break
    return lines


def halves(segment: Segment, scratch: Path) -> tuple[Segment, Segment] | None:
    """The segment's lines in two files of about half its size; None if it has but one line."""
    size = segment.path.stat().st_size
    with segment.path.open("rb") as file:
        file.seek(max(0, size // 2 - 1))
        file.readline()
        middle = file.tell()
        if middle >= size:  # the last line is more than half of it
            file.seek(0)
            middle = len(file.readline())
            if middle >= size:
                return None
        file.seek(0)
        stem, line = segment.path.stem, segment.line
        first = Segment(scratch / f"{stem}-0.txt", 0, line, segment.header, dirty=True)
        lines = _copy(file, first.path, middle)
        second = Segment(scratch / f"{stem}-1.txt", 0, line + lines, segment.header, dirty=True)
        _copy(file, second.path, size - middle)
    return first, second


def _copy(file: BinaryIO, target: Path, size: int) -> int:
    """Copy the next ``size`` bytes to ``target``; returns the newlines among them."""
    lines = 0
    with target.open("wb") as out:
        while size > 0 and (data := file.read(min(size, 1 << 20))):
            out.write(data)
            lines += data.count(b"\n")
            size -= len(data)
    return lines
