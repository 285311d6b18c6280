"""The rules as one archive, the same bytes from the same rules, with what vouches for it.

suricata-update fetches ``NAME.tar.gz`` and compares it with the MD5 in ``NAME.tar.gz.md5``: that
guards against a broken transfer. ``NAME.tar.gz.sha256`` is for people who bring it by hand.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import tarfile
from dataclasses import dataclass
from pathlib import Path

import yaml

from gaugeglass import __version__
from gaugeglass.errors import Told

NAME = "gaugeglass-rules.tar.gz"

#: The name of the source in suricata-update's index.
SOURCE = "gaugeglass/ot"


class NoRules(Told, ValueError):
    """The folder holds no rules."""


@dataclass(frozen=True)
class Built:
    """The files of one build, and the archive's digest."""

    archive: Path
    index: Path
    sha256: str
    files: int


def pack(folder: Path) -> bytes:
    """A gzipped tar of the folder's rules, overlay and disable.conf.

    Names are sorted, owners, times and modes fixed: equal rules give equal bytes anywhere.

    :raises NoRules: there is no ``*.rules`` file
    """
    names = sorted(p.name for p in folder.glob("*.rules"))
    if not names:
        raise NoRules(f"{folder} holds no *.rules files")
    names += [n for n in ("disable.conf", "gaugeglass.yaml") if (folder / n).is_file()]
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name in names:
            content = (folder / name).read_bytes()
            entry = tarfile.TarInfo(f"rules/{name}")
            entry.size, entry.mode = len(content), 0o644
            archive.addfile(entry, io.BytesIO(content))
    return gzip.compress(tar.getvalue(), compresslevel=9, mtime=0)


def source_url(path: Path) -> str:
    """A ``file:`` URL as suricata-update wants it: it fills in ``%(name)s``, so % is doubled."""
    return path.resolve().as_uri().replace("%", "%%")


def index(url: str, sha256: str) -> str:
    """An index for suricata-update (``SOURCE_INDEX_URL``) with this one source."""
    entry = {
        "summary": "Gaugeglass rules for industrial protocols, tagged with ATT&CK for ICS",
        "description": f"Version {__version__}, SHA-256 {sha256}\n",
        "vendor": "Gaugeglass",
        "license": "Apache-2.0",
        "url": url,
        "checksum": True,
        "min-version": "7.0.0",
    }
    return yaml.safe_dump({"version": 1, "sources": {SOURCE: entry}}, sort_keys=False)


def build(folder: Path, out: Path, base_url: str | None = None) -> Built:
    """Write archive, digests and index into ``out``; returns what was written.

    :param base_url: where the archive will be served from; without, its own place as ``file:``
    """
    content = pack(folder)
    out.mkdir(parents=True, exist_ok=True)
    archive = out / NAME
    digest = hashlib.sha256(content).hexdigest()
    archive.write_bytes(content)
    md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()
    archive.with_name(f"{NAME}.md5").write_text(md5 + "\n", encoding="ascii")
    archive.with_name(f"{NAME}.sha256").write_text(f"{digest}  {NAME}\n", encoding="ascii")
    url = f"{base_url.rstrip('/')}/{NAME}" if base_url else source_url(archive)
    listed = out / "index.yaml"
    listed.write_text(index(url, digest), encoding="utf-8")
    return Built(archive, listed, digest, len(list(folder.glob("*.rules"))))
