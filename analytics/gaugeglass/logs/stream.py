"""Bytes of a log, decompressed, as far as they go: a broken tail ends the stream and is told."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

CHUNK = 4 << 20  # bytes a chunk may hold after decompression: bounds what a bomb can take

#: First bytes of a compressed file (RFC 1952; RFC 8878, frame and skippable frame).
_MAGIC = {b"\x1f\x8b": ".gz", b"\x28\xb5\x2f\xfd": ".zst"}


class _Inflate:
    """zlib's gzip reader with the shape of the standard library's other decompressors."""

    def __init__(self) -> None:
        self._zlib = zlib.decompressobj(wbits=31)

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """At most ``max_length`` bytes; what was not consumed waits for the next call."""
        return self._zlib.decompress(self._zlib.unconsumed_tail + data, max_length)

    @property
    def needs_input(self) -> bool:
        """Whether the next call needs more data."""
        return not self._zlib.unconsumed_tail

    @property
    def eof(self) -> bool:
        """Whether the member is complete."""
        return self._zlib.eof

    @property
    def unused_data(self) -> bytes:
        """What follows the member."""
        return self._zlib.unused_data


_CODECS: dict[str, tuple[str, Callable[[], Any], type[Exception]]] = {
    ".gz": ("gzip", _Inflate, zlib.error),
    ".zst": ("zstd", zstd.ZstdDecompressor, zstd.ZstdError),
}


def compression_of(path: Path, named: str) -> str:
    """How ``path`` is compressed ('', '.gz', '.zst') by its first bytes, whatever its name says.

    A file too short to tell, or that can't be read, is what its name says (``named``).
    """
    try:
        with path.open("rb") as file:
            start = file.read(4)
    except OSError:
        return named
    if len(start) < 4:
        return named
    found = next((c for magic, c in _MAGIC.items() if start.startswith(magic)), "")
    if not found and named and not _is_text(start):
        return named  # damaged from its first byte on: the codec will say so
    return found


def _is_text(start: bytes) -> bool:
    return start[:1] in (b"#", b"{") or start.isspace()


class Stream:
    """Iterate over a file's decompressed chunks (at most ``chunk`` bytes each).

    ``broken`` is None, or after iteration the reason why the file could not be read to its end.
    What precedes a fault is still given.
    """

    def __init__(
        self, path: Path, compression: str = "", offset: int = 0, chunk: int = CHUNK
    ) -> None:
        self.path = path
        self.chunk, self._read = chunk, max(chunk // 16, 1 << 14)
        self.compression = compression
        self.offset = offset  # decompressed bytes to pass over first
        self.broken: str | None = None
        self.refused = False  # broken for a reason of the system's, so that it may go well later

    def __iter__(self) -> Iterator[bytes]:
        skip = self.offset
        try:
            with self.path.open("rb") as file:
                if self.compression == "":
                    file.seek(skip)
                    skip = 0
                    chunks = iter(lambda: file.read(self.chunk), b"")
                else:
                    chunks = self._inflate(file)
                for chunk in chunks:
                    if skip >= len(chunk):
                        skip -= len(chunk)
                        continue
                    yield chunk[skip:] if skip else chunk
                    skip = 0
        except OSError as err:
            self.broken = f"cannot be read: {err.strerror or err}"
            self.refused = True

    def _inflate(self, file: BinaryIO) -> Iterator[bytes]:
        """Members (RFC 1952) or frames (RFC 8878) one after the other."""
        name, make, error = _CODECS[self.compression]
        codec = make()
        began = given = 0  # where the member starts in the file, and what it gave so far
        data = file.read(self._read)
        started = False
        while True:
            if codec.eof:
                rest = codec.unused_data
                began, given, started = file.tell() - len(rest), 0, False
                data = rest.lstrip(b"\0")  # padding behind the last member
                began += len(rest) - len(data)
                codec = make()
            if codec.needs_input and not data:
                at = file.tell()
                data = file.read(self._read)
                if not started:  # padding may go on
                    data = data.lstrip(b"\0") or (data and self._unpadded(file))
                    began = file.tell() - len(data) if data else at
                if not data:
                    if started:
                        self.broken = f"{name} data is cut off"
                    return
            try:
                out = codec.decompress(data, self.chunk)
            except error as err:
                self.broken = f"{name} data is damaged ({err})"
                yield from self._salvage(file, began, given)
                return
            started, data = True, b""
            given += len(out)
            if out:
                yield out

    def _unpadded(self, file: BinaryIO) -> bytes:
        """The next data behind a run of zero bytes."""
        for data in iter(lambda: file.read(self._read), b""):
            if data.strip(b"\0"):
                return data.lstrip(b"\0")
        return b""

    def _salvage(self, file: BinaryIO, began: int, given: int) -> Iterator[bytes]:
        """What a damaged member still holds behind the ``given`` bytes that were given.

        A codec throws away what it decoded in the call that meets the fault. So the member is
        decoded once more, ever more finely the nearer the fault is.
        """
        _, make, error = _CODECS[self.compression]
        fault = file.tell()
        step = self._read
        while step:
            codec, total = make(), 0
            file.seek(began)
            try:
                while file.tell() < fault and not codec.eof:
                    near = fault - file.tell() <= self._read
                    data = file.read(step if near else self._read)
                    while data or not codec.needs_input:
                        out, data = codec.decompress(data, self.chunk), b""
                        fresh = out[max(0, given - total) :]
                        total += len(out)
                        if fresh:
                            given += len(fresh)
                            yield fresh
            except error:
                pass
            step = 1 if 1 < step < 64 else step // 64


def head(path: Path, compression: str, size: int) -> tuple[bytes, str | None]:
    """The first ``size`` decompressed bytes, and why there are no more if the file is broken."""
    stream = Stream(path, compression, chunk=size)
    parts: list[bytes] = []
    total = 0
    for chunk in stream:
        parts.append(chunk)
        total += len(chunk)
        if total >= size:
            break
    return b"".join(parts)[:size], stream.broken
