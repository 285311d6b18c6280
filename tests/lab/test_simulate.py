from __future__ import annotations

import csv
import gzip
import hashlib
import json
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from gaugeglass import labels
from gaugeglass.evaluation import phases

from .simulate.attacks import MODULES, Family, Scene, families, family
from .simulate.columns import KINDS
from .simulate.plant import HOSTS, STRANGERS
from .simulate.scenario import Scenario, simulate
from .simulate.world import World
from .simulate.zeeklog import SECOND, Fixed, Join, Logs, Mute, Pick

EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - labels are UTC without zone
ALL = [f for which in MODULES for f in families(which).values()]


def digest(folder: Path) -> dict[str, str]:
    return {
        str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.rglob("*"))
        if p.is_file()
    }


def few(seed: int) -> Scenario:
    chosen = [families("dev")[n] for n in ("rogue_writes", "device_silent")]
    return Scenario(days=1.2, seed=seed, learn=0.3, quiet=0.2, families=chosen, pace=8.0)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("simulated")
    assert simulate(few(3), out) > 20_000
    return out


def test_a_seed_gives_the_same_bytes(run: Path, tmp_path: Path) -> None:
    simulate(few(3), tmp_path / "again")
    assert digest(tmp_path / "again") == digest(run)
    simulate(few(4), tmp_path / "other")
    assert digest(tmp_path / "other") != digest(run)


def test_logs_have_their_header_and_time_runs_forwards(run: Path) -> None:
    files = sorted((run / "zeek").glob("*.log.gz"))
    assert len(files) > 20
    for path in files:
        lines = gzip.decompress(path.read_bytes()).decode().splitlines()
        kind = path.name.split(".")[0]
        head = [line for line in lines if line.startswith("#")]
        assert f"#path\t{kind}" in head
        names = next(line for line in head if line.startswith("#fields")).split("\t")[1:]
        assert names == ["ts", *KINDS[kind]]
        rows = [line.split("\t") for line in lines if not line.startswith("#")]
        assert rows
        assert {len(row) for row in rows} == {len(names)}
        times = [float(row[0]) for row in rows]
        assert times == sorted(times)


def test_labels_and_phases_can_be_read(run: Path) -> None:
    found = labels.read(run / "labels.csv")
    assert {label.description.split(":")[0] for label in found} == {"rogue_writes", "device_silent"}
    told = phases.read(run / "phases.json")
    assert told.quiet_until is not None
    assert all(label.start >= told.quiet_until for label in found)
    note = json.loads((run / "phases.json").read_text())["note"]
    assert note.startswith("Simulated")


def test_a_silent_device_answers_nobody(run: Path) -> None:
    label = next(
        found for found in labels.read(run / "labels.csv")
        if found.description.startswith("device_silent")
    )  # fmt: skip
    silent = label.entities[0]

    def rows(kind: str) -> list[dict[str, str]]:
        out = []
        for path in sorted((run / "zeek").glob(f"{kind}.*.log.gz")):
            lines = gzip.decompress(path.read_bytes()).decode().splitlines()
            names = next(line for line in lines if line.startswith("#fields")).split("\t")[1:]
            out += list(csv.DictReader((x for x in lines if not x.startswith("#")), names,
                                       delimiter="\t", quoting=csv.QUOTE_NONE))  # fmt: skip
        return out

    def during(row: dict[str, str]) -> bool:
        first, last = ((t - EPOCH).total_seconds()
                       for t in (label.start, label.end))  # fmt: skip
        return first + 1 < float(row["ts"]) < last - 1

    asked = [r for r in rows("dnp3") if r["id.resp_h"] == silent]
    assert asked
    assert not [r for r in asked if during(r)]
    tries = [r for r in rows("conn") if r["id.resp_h"] == silent and during(r)]
    assert {r["conn_state"] for r in tries} == {"S0"}


def test_the_two_sets_of_families_share_nothing() -> None:
    dev, held = (families(which) for which in ("dev", "test"))
    assert not set(dev) & set(held)
    for found in (dev, held):
        assert len(found) >= 15
        known = [f for f in found.values() if not f.stranger]
        assert len(known) * 3 >= len(found)


@pytest.mark.parametrize("which", ALL, ids=lambda f: f.name)
def test_each_family_does_something_and_names_current_techniques(which: Family) -> None:
    assert all(labels.is_current(t) for t in which.techniques)
    assert all(name in {**HOSTS, **STRANGERS} for name in which.entities)
    for strength in (0.15, 1.0):
        world = World(1, 1.0)
        first = world.start + 3600 * SECOND
        last = first + which.minutes[0] * 60 * SECOND
        which.act(Scene(world, which.name, first, last, strength))
        world.close()
        rows = [c.ts for chunks in world.logs.chunks.values() for c in chunks]
        assert rows or world.logs.mutes
        for ts in rows:  # a transfer may end a little later than planned
            assert first - 10 * SECOND <= ts.min()
            assert ts.max() <= last + 700 * SECOND


@pytest.mark.parametrize("which", families("apart").values(), ids=lambda f: f.name)
def test_a_family_drafted_apart_shows_its_entities_in_its_time(which: Family) -> None:
    for strength in (0.15, 1.0):
        world = World(1, 1.0)
        first = world.start + 3600 * SECOND
        last = first + which.minutes[0] * 60 * SECOND
        which.act(Scene(world, which.name, first, last, strength))
        world.close()
        world.logs.silence()  # what is muted was not logged
        shown = [c for chunks in world.logs.chunks.values() for c in chunks if len(c.ts)]
        inside = [c for c in shown if c.between(first, last + 1).stop]
        ends = ("id.orig_h", "id.resp_h", "client_addr", "server_addr")
        assert inside
        for chunk in inside:
            assert {chunk.fields.get(end) for end in ends} & set(which.addresses())


def test_no_name_stands_for_two_families() -> None:
    assert len(ALL) == len({f.name for f in ALL})
    taken = families("dev")["port_scan"].act
    with pytest.raises(ValueError, match="two families are called port_scan"):
        family("", "", "", (1, 2))(taken)


def test_values_of_every_form_are_written(tmp_path: Path) -> None:
    logs = Logs()
    ts = np.array([2, 1], dtype=np.int64) * SECOND
    logs.add("modbus_detailed", ts, {
        "uid": Pick(np.array([0, 1]), ["second", "first"]), "tid": np.array([20, 10]),
        "request_values": Join([Fixed(np.array([1.26, 2.0]), 1), 7]), "func": 'a"b',
    })  # fmt: skip
    logs.mutes.append(Mute(None, None, 0, SECOND))  # before anything
    assert logs.write(tmp_path, 0, 10 * SECOND, 10 * SECOND) == 2
    (path,) = tmp_path.glob("*.gz")
    rows = [
        line.split("\t") for line in gzip.decompress(path.read_bytes()).decode().splitlines()
        if not line.startswith("#")
    ]  # fmt: skip
    assert [(r[0], r[1], r[6], r[8], r[11]) for r in rows] == [
        ("1.000000", "first", "10", 'a"b', "2.0,7"), ("2.000000", "second", "20", 'a"b', "1.3,7"),
    ]  # fmt: skip
    with pytest.raises(KeyError, match="no column nonsense"):
        logs.add("conn", ts, {"nonsense": 1})
