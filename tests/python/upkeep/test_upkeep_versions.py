"""Versions of a baseline: whole or not at all, the same bytes, and back again."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest
from learned_plant import learned

from gaugeglass.behaviour import store
from gaugeglass.behaviour.files import MisfitError
from gaugeglass.behaviour.upkeep import versions
from gaugeglass.behaviour.upkeep.clock import declared
from gaugeglass.behaviour.upkeep.modes import Modes
from gaugeglass.ledger.manifest import Manifest

NIGHT = Modes("declared", "Europe/Berlin", (declared("night 22:00-06:00"),))


def tree(folder: Path) -> dict[str, str]:
    """Every file below ``folder`` with the hash of its content."""
    return {
        str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.rglob("*"))
        if p.is_file()
    }


def test_each_learning_is_a_version_and_the_last_is_in_force(tmp_path: Path) -> None:
    baseline, models = learned()
    assert versions.current(tmp_path) is None
    first = versions.save(tmp_path, baseline, models, NIGHT)
    second = versions.save(tmp_path, baseline, models)
    assert (first.name, second.name) == ("0001", "0002")
    assert tree(first.folder) == tree(second.folder) | {
        "modes.json": tree(first.folder)["modes.json"]
    }
    assert [(v.number, v.current) for v in versions.versions(tmp_path)] == [(1, False), (2, True)]
    assert versions.use(tmp_path, 1).current
    now = versions.current(tmp_path)
    assert now is not None
    assert (now.number, now.start, now.until) == (1, baseline.start, baseline.until)
    assert versions.load_modes(now) == NIGHT
    again, loaded = versions.load(now, baseline.window_seconds)
    assert again.tables["known_poll"] == baseline.tables["known_poll"]
    assert loaded is not None
    assert loaded.promise == models.promise
    # after a step back the next version is still a new number
    assert versions.save(tmp_path, baseline, models).number == 3


def test_the_same_learning_gives_the_same_bytes(tmp_path: Path) -> None:
    baseline, models = learned()
    for name in ("a", "b"):
        versions.save(tmp_path / name, baseline, models, NIGHT)
    assert tree(tmp_path / "a" / "baselines") == tree(tmp_path / "b" / "baselines")


def test_a_state_from_before_versions_still_loads(tmp_path: Path) -> None:
    baseline, models = learned()
    baseline.save(tmp_path / "baseline")
    store.save(models, tmp_path / "models")
    old = versions.current(tmp_path)
    assert old is not None
    assert (old.number, old.until) == (0, baseline.until)
    assert versions.load(old)[1] is not None
    assert versions.save(tmp_path, baseline, models).number == 1
    assert [v.number for v in versions.versions(tmp_path)] == [0, 1]
    assert versions.use(tmp_path, 0).current


def test_a_copy_without_its_manifest_is_judged_by_its_last_version(tmp_path: Path) -> None:
    baseline, models = learned()
    for _ in range(2):
        versions.save(tmp_path, baseline, models)
    for path in tmp_path.glob("manifest.sqlite*"):
        path.unlink()
    now = versions.current(tmp_path)
    assert now is not None
    assert (now.number, now.facts > 0) == (2, True)
    assert not list(tmp_path.glob("manifest.sqlite*")), "asking wrote a manifest"


def test_unknown_and_lost_versions_name_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(versions.NoVersionError, match="gaugeglass learn"):
        versions.use(tmp_path, 1)
    baseline, models = learned()
    made = versions.save(tmp_path, baseline, models)
    versions.save(tmp_path, baseline, models)
    with pytest.raises(versions.NoVersionError, match="there are 1, 2"):
        versions.find(tmp_path, 7)
    made.folder.rename(tmp_path / "gone")
    with pytest.raises(MisfitError, match="use another version"):
        versions.use(tmp_path, 1)
    now = versions.current(tmp_path)
    assert now is not None
    assert now.number == 2


def test_asking_never_writes(tmp_path: Path) -> None:
    baseline, models = learned()
    versions.save(tmp_path, baseline, models)
    Manifest(tmp_path).db.close()
    before = tree(tmp_path)
    versions.versions(tmp_path)
    # SQLite's own side files come and go with its readers
    after = {name: h for name, h in tree(tmp_path).items() if not name.endswith(("-shm", "-wal"))}
    assert after == before


#: Dies at the given step of saving: a call of `os.fsync`, a rename, or the commit.
DIES = """
import os, sys
from pathlib import Path
from gaugeglass.behaviour.baseline import Baseline
from gaugeglass.behaviour.upkeep import versions
from gaugeglass.ledger import manifest
state, baseline = Path(sys.argv[1]), Baseline.load(Path(sys.argv[3]))
versions.save(state, baseline)
left = int(sys.argv[2])
def count(*_):
    global left
    left -= 1
    if left < 0:
        os._exit(9)
sync, rename = os.fsync, Path.rename
os.fsync = lambda handle: (count(), sync(handle))[1]
Path.rename = lambda self, to: (count(), rename(self, to))[1]
leave = manifest.Transaction.__exit__
manifest.Transaction.__exit__ = lambda self, *how: (count(), leave(self, *how))[1]
versions.save(state, baseline)
print("steps", int(sys.argv[2]) - left)
"""


def test_a_learning_that_dies_leaves_the_version_before(tmp_path: Path) -> None:
    baseline, _ = learned()
    baseline.save(tmp_path / "learned")

    def run(name: str, step: int) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", DIES, tmp_path / name, str(step), tmp_path / "learned"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    whole = run("whole", 10_000)
    assert whole.returncode == 0, whole.stderr
    steps = int(whole.stdout.split()[-1])
    assert steps > 10
    for step in (steps // 2, steps - 3, steps - 2, steps - 1):
        state = tmp_path / f"died{step}"
        assert run(state.name, step).returncode == 9
        now = versions.current(state)
        assert now is not None
        assert now.number == 1
        assert not versions.load(now)[0].empty
        after = versions.save(state, baseline)
        assert after.number == 2
        assert tree(after.folder) == tree(tmp_path / "whole" / "baselines" / "0002")
        assert not [p for p in (state / "baselines").iterdir() if p.name.startswith(".")]
