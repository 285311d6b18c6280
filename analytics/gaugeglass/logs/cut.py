"""Copy a log that can't be used where it lies into segments: one header, whole lines, bounded size.

So memory and scratch space stay constant whatever a log's size.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from gaugeglass.logs.account import Account
from gaugeglass.logs.discover import LogFile
from gaugeglass.logs.header import Header, Sniffed
from gaugeglass.logs.segment import CUT_OFF, MAX_LINE, TOO_LONG, Segment
from gaugeglass.logs.stream import Stream

HEADLESS = "rows before any #fields header"
#: Scratch space a log may take at a time, and what of it an engine may have to hold in memory.
SEGMENT_BYTES, HELD_BYTES = 256 << 20, 48 << 20


class Cutter:
    """Iterate over a log's segments; afterwards ``consumed``, ``line`` and ``header`` tell where
    a later run resumes: bytes of whole lines read (decompressed), the next line's number, the
    header in force there. Whenever a segment is handed out they tell the place behind it.
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
        self._before = self.header if self.header.fields else None  # the last header with fields
        self._path: Path | None = None
        self._first = line
        self._written = 0
        self._dirty = False

    @property
    def refused(self) -> bool:
        """Whether the system did not let the log be read to its end."""
        return self._stream.refused

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
                yield from self._close()  # line numbers run on within a segment
                self.account.reject(self.line, TOO_LONG)
                self.consumed += overlong + cut
                self.line += 1
                overlong = 0
                chunk, end = chunk[cut:], end - cut
            block = carry + chunk[:end]
            carry = chunk[end:]
            yield from self._take(block)
        if overlong:  # no end of it yet: left for a later run
            self.account.reject(self.line, TOO_LONG)
        yield from self._finish(carry)

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
            if len(block) - pos > self.segment_bytes:
                end = block.find(b"\n", pos + self.segment_bytes - 1) + 1 or end
            if self.is_tsv:
                comment = block.find(b"\n#", pos, end)
                end = comment + 1 if comment >= 0 else end
            self._append(block[pos:end])
            pos = end
            if self._written >= self.segment_bytes:
                yield from self._close()

    def _header_line(self, line: bytes) -> None:
        self.header = self.header.feed(line)
        if not line.startswith(b"#fields"):
            return
        before, self._before = self._before, self.header
        if before is None:
            return
        if before.path != self.header.path:
            what = f"of another log, {self.header.path[:64]}"
        else:
            same = before.fields == self.header.fields
            what = "same columns" if same else "other columns"
        self.account.remark(f"line {self.line}: a second header ({what})")

    def _append(self, rows: bytes) -> None:
        if self._path is None:
            self._serial += 1
            self._path = self.scratch / f"segment-{self._serial}.txt"
            self._path.write_bytes(b"")
            self._first, self._written, self._dirty = self.line, 0, False
        if not self._dirty:
            self._dirty = self.is_tsv and b"\r" in rows  # a line's end to the strict reader
        with self._path.open("ab") as file:
            file.write(rows)
        self._written += len(rows)
        self.consumed += len(rows)
        self.line += rows.count(b"\n")

    def _shown(self, row: bytes) -> bytes:
        """The row, unless it stands under another kind's header: that kind may hold secrets."""
        own = self.header.path in ("", self.account.kind)
        return row if own else b""

    def _close(self) -> Iterator[Segment]:
        if self._path is None:
            return
        path, self._path = self._path, None
        self._written = 0
        if self.is_tsv and not self.header.fields:
            rows = [row for row in path.read_bytes().split(b"\n") if row.strip(b"\r")]
            self.account.reject(self._first, HEADLESS, rows[0] if rows else b"", rows=len(rows))
            path.unlink()
            return
        yield Segment(path, 0, self._first, self.header, self._dirty)

    def _finish(self, carry: bytes) -> Iterator[Segment]:
        if self.is_tsv and self._before is None and not carry.startswith(b"#"):
            self.account.remark("no #fields line")
        if self._stream.broken:
            self.account.remark(self._stream.broken)
        if carry:
            if not self.is_tsv and _whole_object(carry):
                # a JSON object ends itself; its line ends with the newline still to come
                self._append(carry + b"\n")
                self.consumed -= 1
                self.line -= 1
            elif self.is_tsv and carry.startswith(b"#"):
                self.account.remark(f"line {self.line}: header line cut off")
            elif carry.strip(b"\r" if self.is_tsv else None):
                self.account.reject(self.line, CUT_OFF, self._shown(carry))
        yield from self._close()


def _whole_object(text: bytes) -> bool:
    if not text.rstrip().endswith(b"}"):
        return False
    try:
        json.loads(text.decode("utf-8", "replace"), strict=False)
    except (ValueError, RecursionError):
        return False
    return True
