"""What the tests of the Zeek package share: Zeek, and the analyzers compiled once for all."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from zeekkit import CACHE, GRAMMARS, digest, sources


@pytest.fixture(scope="session")
def zeek() -> str:
    found = shutil.which("zeek")
    if found is None:
        pytest.skip("zeek is not on PATH")
    return found


@pytest.fixture(scope="session")
def analyzers(zeek: str) -> Path:
    """The folder with the compiled analyzers."""
    if shutil.which("spicyz") is None:
        pytest.skip("spicyz is not on PATH: the analyzers can't be compiled")
    folder = CACHE / digest()
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the other worker waits, and finds them compiled
        if not (folder / "all.hlto").exists():
            folder.mkdir(exist_ok=True)
            made = subprocess.run(
                ["spicyz", "-d", "-o", folder / "part.hlto", *sources()],
                cwd=GRAMMARS, capture_output=True, text=True, check=False,
            )  # fmt: skip
            assert made.returncode == 0, made.stderr[-4000:]
            (folder / "part.hlto").rename(folder / "all.hlto")
    return folder


@pytest.fixture
def environment(analyzers: Path, tmp_path: Path) -> dict[str, str]:
    """Environment for btest: its files of each test stay apart."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # btest's own commands
    ours = {"GAUGEGLASS_ANALYZERS": str(analyzers), "GAUGEGLASS_TMP": str(tmp_path)}
    return {**os.environ, **ours, "PATH": path}
