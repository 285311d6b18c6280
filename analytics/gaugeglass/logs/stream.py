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


class Stream:
    """Iterate over a file's decompressed chunks (bytes, at most ``CHUNK`` each).

    ``broken`` is None, or after iteration the reason why the file could not be read to its end.
    What precedes a fault is still given.
    """

    def __init__(self, path: Path, compression: str = "", offset: int = 0) -> None:
        self.path = path
        self.compression = compression
        self.offset = offset  # decompressed bytes to pass over first
        self.broken: str | None = None

    def __iter__(self) -> Iterator[bytes]:
        skip = self.offset
        try:
            with self.path.open("rb") as file:
                if self.compression == "":
                    file.seek(skip)
                    skip = 0
                    chunks = iter(lambda: file.read(CHUNK), b"")
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

    def _inflate(self, file: BinaryIO) -> Iterator[bytes]:
        """Members (RFC 1952) or frames (RFC 8878) one after the other."""
        name, make, error = _CODECS[self.compression]
        codec = make()
        started = False
        data = file.read(CHUNK // 16)
        while True:
            if codec.eof:
                data = codec.unused_data + data
                if not data.strip(b"\0"):  # padding behind the last member
                    data = file.read(CHUNK // 16)
                    if not data:
                        return
                codec, started = make(), False
            elif codec.needs_input and not data:
                data = file.read(CHUNK // 16)
                if not data:
                    if started:
                        self.broken = f"{name} data is cut off"
                    return
            try:
                out = codec.decompress(data, CHUNK)
            except error as err:
                self.broken = f"{name} data is damaged ({err})"
                return
            started, data = True, b""
            if out:
                yield out


def head(path: Path, compression: str, size: int) -> tuple[bytes, str | None]:
    """The first ``size`` decompressed bytes, and why there are no more if the file is broken."""
    stream = Stream(path, compression)
    parts: list[bytes] = []
    total = 0
    for chunk in stream:
        parts.append(chunk)
        total += len(chunk)
        if total >= size:
            break
    return b"".join(parts)[:size], stream.broken
