"""Cut a log into segments that a query engine can read strictly: one header, whole lines.

A plain, complete file is used where it lies. Anything else (compressed, resumed at an offset,
a second header, a half-written last line) is copied into scratch files of bounded size, so that
memory and scratch space stay constant whatever a log's size.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gaugeglass.logs.account import Account
from gaugeglass.logs.discover import LogFile
from gaugeglass.logs.header import Header, Sniffed
from gaugeglass.logs.stream import Stream

#: Scratch space a log may take at a time, and what of it an engine may have to hold in memory.
SEGMENT_BYTES, HELD_BYTES = 256 << 20, 32 << 20
MAX_LINE = 2 << 20
CUT_OFF = "cut off mid-line"
TOO_LONG = f"line longer than {MAX_LINE >> 20} MiB"


@dataclass(frozen=True)
class Segment:
    """Rows on disk under one header. ``line`` is the original number of its first row."""

    path: Path
    skip: int
    line: int
    header: Header
    dirty: bool = False
    temporary: bool = True
    last: bool = False


def in_place(log: LogFile, sniffed: Sniffed) -> Segment | None:
    """The file itself as a segment, where its ends allow it (else None)."""
    if log.compression:
        return None
    with log.path.open("rb") as file:
        size = file.seek(0, 2)
        if size == 0:
            return None
        file.seek(size - 1)
        if file.read(1) != b"\n":
            return None
    n = sniffed.header_lines
    return Segment(log.path, n, n + 1, sniffed.header, temporary=False, last=True)


class Cutter:
    """Iterate over a log's segments; afterwards ``consumed``, ``lines`` and ``header`` tell where
    a later run resumes: bytes of whole lines read (decompressed), their number, the header.
    """

    def __init__(
        self, log: LogFile, sniffed: Sniffed, scratch: Path, account: Account,
        *, offset: int = 0, line: int = 1, header: Header | None = None,
        segment_bytes: int = SEGMENT_BYTES,
    ) -> None:  # fmt: skip
        self.log, self.account, self.scratch = log, account, scratch
        self.is_tsv = sniffed.format == "zeek_tsv"
        self.header = header or Header()
        self.consumed, self.line = offset, line
        self.segment_bytes = segment_bytes
        self._stream = Stream(log.path, log.compression, offset)
        self._serial = 0
        self._out: bytearray = bytearray()
        self._out_line = line
        self._path: Path | None = None
        self._written = 0
        self._dirty = False

    def __iter__(self) -> Iterator[Segment]:
        carry = b""
        overlong = 0  # bytes thrown away of a line beyond MAX_LINE
        for chunk in self._stream:
            end = chunk.rfind(b"\n") + 1
            if end == 0:
                if overlong or len(carry) + len(chunk) > MAX_LINE:
                    overlong += len(carry) + len(chunk)
                    carry = b""
                else:
                    carry += chunk
                continue
            if overlong:
                cut = chunk.find(b"\n") + 1
                self._reject_overlong(overlong + cut)
                overlong = 0
                chunk, end = chunk[cut:], end - cut
            block = carry + chunk[:end]
            carry = chunk[end:]
            yield from self._take(block)
        if overlong:
            self._reject_overlong(overlong)
        yield from self._finish(carry)

    def _reject_overlong(self, size: int) -> None:
        self.account.reject(self.line, TOO_LONG)
        self.consumed += size
        self.line += 1
        # what follows is not the line that the running segment expects
        self._gap = True

    _gap = False

    def _take(self, block: bytes) -> Iterator[Segment]:
        """Whole lines: header lines switch the header, rows go to the running segment."""
        pos = 0
        while pos < len(block):
            if self.is_tsv and block[pos : pos + 1] == b"#":
                end = block.find(b"\n", pos) + 1
                yield from self._close()
                self._header_line(block[pos:end])
                self.consumed += end - pos
                self.line += 1
                pos = end
                continue
            end = len(block)
            if self.is_tsv:
                comment = block.find(b"\n#", pos)
                end = comment + 1 if comment >= 0 else end
            if self._gap:
                yield from self._close()
                self._gap = False
            self._append(block[pos:end])
            pos = end
            if self._written >= self.segment_bytes:
                yield from self._close()

    def _header_line(self, line: bytes) -> None:
        before = self.header
        self.header = before.feed(line)
        if line.startswith(b"#fields") and before.fields and self.line > 12:
            same = "same columns" if before.fields == self.header.fields else "other columns"
            self.account.remarks.append(f"line {self.line}: a second header ({same})")

    def _append(self, rows: bytes) -> None:
        if self._path is None:
            self._serial += 1
            self._path = self.scratch / f"segment-{self._serial}.txt"
            self._path.write_bytes(b"")
            self._out_line, self._written, self._dirty = self.line, 0, False
        if not self._dirty:
            self._dirty = b"\r" in rows or b"\0" in rows
        with self._path.open("ab") as file:
            file.write(rows)
        self._written += len(rows)
        self.consumed += len(rows)
        self.line += rows.count(b"\n")

    def _close(self, last: bool = False) -> Iterator[Segment]:
        if self._path is None:
            return
        path, self._path = self._path, None
        if self.is_tsv and not self.header.fields:
            n = path.read_bytes().count(b"\n")
            self.account.reject(self._out_line, "rows before any #fields header", rows=n)
            path.unlink()
            return
        self._written = 0
        yield Segment(path, 0, self._out_line, self.header, self._dirty, last=last)

    def _finish(self, carry: bytes) -> Iterator[Segment]:
        if self._stream.broken:
            self.account.remarks.append(self._stream.broken)
        if carry:
            if not self.is_tsv and carry.strip().endswith(b"}"):
                # JSON objects end themselves: a missing last newline loses nothing
                self._append(carry + b"\n")
                self.consumed -= 1
            elif self.is_tsv and carry.startswith(b"#"):
                self.account.remarks.append(f"line {self.line}: header line cut off")
            elif carry.strip():
                self.account.reject(self.line, CUT_OFF, carry)
        yield from self._close(last=True)
