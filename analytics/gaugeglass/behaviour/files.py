"""Folders of learned files that check themselves: a manifest, a hash for each file, one rename.

A baseline and a set of models are each a folder. It is written beside its final place and renamed
into it, so that a reader meets the old folder or the new one and never half of either. Nothing in
a manifest depends on the clock: the same input gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import gaugeglass
from gaugeglass.errors import Told

MANIFEST = "manifest.json"
LEARN_AGAIN = "learn again with this version: gaugeglass learn"


class MisfitError(Told, ValueError):
    """What was learned cannot be used here; the message names the file and the remedy."""

    def __init__(self, path: Path, problem: str, remedy: str = LEARN_AGAIN) -> None:
        super().__init__(f"{path}: {problem}; {remedy}")
        self.path, self.problem, self.remedy = path, problem, remedy


def digest(data: bytes) -> str:
    """SHA-256 as hexadecimal text."""
    return hashlib.sha256(data).hexdigest()


def fingerprint(value: Any) -> str:
    """Hash of a plain value (lists, dictionaries, strings, numbers): the same value, the same."""
    return digest(json.dumps(value, sort_keys=True, default=str).encode())[:16]


def write_folder(folder: Path, manifest: Mapping[str, Any], files: Mapping[str, bytes]) -> None:
    """Replace ``folder`` by one that holds ``files`` and a manifest with their hashes."""
    body = dict(manifest) | {
        "gaugeglass": gaugeglass.__version__,
        "files": {n: {"sha256": digest(b), "bytes": len(b)} for n, b in sorted(files.items())},
    }
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = folder.with_name(f".{folder.name}.{os.getpid()}.new")
    stale = folder.with_name(f".{folder.name}.{os.getpid()}.old")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir()
    for name, data in files.items():
        _write(fresh / name, data)
    _write(fresh / MANIFEST, (json.dumps(body, indent=1, sort_keys=True) + "\n").encode())
    if folder.exists():
        folder.rename(stale)
    fresh.rename(folder)
    shutil.rmtree(stale, ignore_errors=True)


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())


def read_folder(
    folder: Path, expected: Mapping[str, Any], names: tuple[str, ...]
) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The manifest and the files ``names`` of ``folder``, checked.

    ``expected`` are manifest entries that must be equal. Raises :class:`MisfitError` for a missing
    or unreadable manifest or file, a wrong hash, or an entry that differs.
    """
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise MisfitError(path, "does not exist", "learn first: gaugeglass learn") from None
    except (OSError, ValueError) as err:
        raise MisfitError(path, f"cannot be read ({err})") from err
    if not isinstance(manifest, dict) or not isinstance(manifest.get("files"), dict):
        raise MisfitError(path, "is not a manifest")
    for key, value in expected.items():
        if manifest.get(key) != value:
            raise MisfitError(path, f"{key} is {manifest.get(key)!r}, needed is {value!r}")
    files: dict[str, bytes] = {}
    for name in names:  # names come from the code, never from the manifest
        entry = manifest["files"].get(name)
        try:
            data = (folder / name).read_bytes()
        except OSError as err:
            raise MisfitError(folder / name, f"cannot be read ({err.strerror})") from err
        if not isinstance(entry, dict) or entry.get("sha256") != digest(data):
            raise MisfitError(folder / name, "is not the file that was saved (its hash differs)")
        files[name] = data
    return manifest, files
