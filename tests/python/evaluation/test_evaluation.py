from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest
from plant_ledger import insert, moment, plant

import gaugeglass
from gaugeglass.behaviour.features import features
from gaugeglass.behaviour.upkeep import versions
from gaugeglass.config import load
from gaugeglass.evaluation import phases
from gaugeglass.evaluation.hits import Hit, of_windows
from gaugeglass.evaluation.rivals.base import Data
from gaugeglass.evaluation.rivals.registry import rivals
from gaugeglass.evaluation.run import evaluate
from gaugeglass.evaluation.score import score
from gaugeglass.labels import Label, chosen
from gaugeglass.labels import read as read_labels
from gaugeglass.pipeline import Site

MAIN = "from gaugeglass.cli import main; main()"
DEMO = Path(gaugeglass.__file__).parent / "data" / "demo"


def hit(start: float, end: float, *named: str) -> Hit:
    return Hit("d", moment(start), moment(end), frozenset(named), (moment(start + 1),))


def label(start: float, end: float, *named: str) -> Label:
    return Label(moment(start), moment(end), ("T0836",), "an attack", named)


def scored(hits: list[Hit], *labels: Label):  # type: ignore[no-untyped-def]
    return score("d", "ours", hits, labels, (), moment(0), moment(2880), moment(1440))


def test_an_event_is_found_by_an_alert_in_time_about_one_of_its_hosts() -> None:
    attack = label(2000, 2010, "a", "b")
    assert scored([hit(2003, 2004, "a")], attack).found == 1
    assert scored([hit(2003, 2004, "c")], attack).found == 0  # about somebody else
    assert scored([hit(1900, 1901, "a")], attack).found == 0  # before
    assert scored([hit(2016, 2017, "a")], attack).found == 0  # too late
    # an alert that stood there for hours tells nothing
    assert scored([hit(1500, 2500, "a")], attack).found == 0


def test_what_speaks_of_no_attack_is_false_and_counts_per_day() -> None:
    made = scored([hit(2003, 2004, "a"), hit(100, 101, "a"), hit(2500, 2501, "a")],
                  label(2000, 2010, "a"))  # fmt: skip
    assert (made.alerts, len(made.false), made.days) == (3, 2, 2.0)
    assert made.false_a_day == 1.0
    assert made.quiet_a_day == 1.0
    assert made.recall == 1.0
    assert made.seconds == 240


def test_one_hit_gives_no_credit_for_another_attack() -> None:
    made = scored([hit(2003, 2004, "a")], label(2000, 2010, "a"), label(2100, 2110, "a"))
    assert made.found == 1


def test_an_alert_that_goes_on_is_told_every_hour() -> None:
    rows = pd.DataFrame(
        {"length": 60, "window": [moment(m) for m in range(180)],
         "end": [moment(m + 1) for m in range(180)], "side": "conduit", "address": "a > b modbus",
         "client": "a", "server": "b", "pool": "", "score": 1.0}
    )  # fmt: skip
    told = of_windows("d", rows)
    assert [h.first for h in told] == [moment(0), moment(60), moment(120)]
    assert of_windows("d", rows.iloc[:0]) == []


def test_phases_are_read_and_bounded(tmp_path: Path) -> None:
    file = tmp_path / "phases.json"
    file.write_text(json.dumps({"learn_until": "2026-11-02T01:00:00Z"}))
    made = phases.read(file).within(moment(0), moment(600))
    assert (made.start, made.learn_until, made.end) == (moment(0), moment(60), moment(600))
    with pytest.raises(phases.PhasesError, match="leaves nothing"):
        phases.read(file).within(moment(0), moment(30))
    for text in ("[]", "{", '{"learn_until": "soon"}'):
        file.write_text(text)
        with pytest.raises(phases.PhasesError, match=r"phases\.json"):
            phases.read(file)


def test_a_first_baseline_ends_before_the_second(tmp_path: Path) -> None:
    file = tmp_path / "phases.json"
    times = {"learn_until": "2026-11-02T02:00:00Z", "first_until": "2026-11-02T01:00:00Z"}
    file.write_text(json.dumps(times))
    assert phases.read(file).within(moment(0), moment(600)).first_until == moment(60)
    file.write_text(json.dumps({**times, "first_until": times["learn_until"]}))
    with pytest.raises(phases.PhasesError, match="first baseline's end"):
        phases.read(file).within(moment(0), moment(600))


def test_a_second_baseline_is_learned_under_the_alerts_of_the_first(tmp_path: Path) -> None:
    told = phases.read(DEMO / "phases.json")
    config = load()
    first, last = told.learn_until - timedelta(hours=2), told.learn_until
    labels, spans = read_labels(DEMO / "labels.csv"), replace(told, first_until=first)
    made = evaluate([DEMO / "zeek"], labels, spans, config, tmp_path, with_rivals=False)
    ours = made.scores[0]
    assert ours.recall is not None
    assert ours.recall >= 0.8  # two hours are little to learn from
    kept = versions.versions(tmp_path)
    assert [(v.start, v.until) for v in kept][1:] == [(first, last)]
    alerts = Site(tmp_path / "again", config).stored_alerts()
    assert alerts
    assert min(a.first for a in alerts).replace(tzinfo=None) >= last


@pytest.fixture(scope="module")
def data() -> Data:
    db = plant(600)
    for minute in (500, 501):
        insert(db, minute, server="10.0.1.3", count=9000, gap_count=100, gap_sum=100_000_000_00)
    return Data(features(db, moment(0), moment(400)), features(db, moment(400), moment(600)),
                (), moment(400), moment(600))  # fmt: skip


def test_rivals_flag_a_flood(data: Data) -> None:
    names = {r.name: r for r in rivals()}
    assert set(names) == {"inter-arrival", "min/max", "plain forest", "zat example"}
    for name in ("min/max", "plain forest"):
        flagged = names[name].flag(data)
        assert {moment(500), moment(501)} & set(flagged["window"]), name
        assert len(flagged) < len(data.judged)
    # whoever was never learned has no range and no mean
    strange = data.judged.iloc[:1].assign(side="conduit", address="10.9.9.9 > 10.0.1.3 modbus")
    for name in ("min/max", "inter-arrival"):
        assert len(names[name].flag(replace(data, judged=strange))) == 1, name
    slow = replace(data, judged=data.judged.assign(gap_mean=1000.0))
    assert len(names["inter-arrival"].flag(slow)) > 0
    assert len(names["zat example"].flag(data)) == 0  # no conn.log here


def test_the_demo_is_evaluated_with_rivals() -> None:
    command = [sys.executable, "-c", MAIN, "evaluate", str(DEMO / "zeek"), "--labels",
               str(DEMO / "labels.csv"), "--phases", str(DEMO / "phases.json"), "--format",
               "csv"]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=600)
    by_name = {row["detector"]: row for row in csv.DictReader(io.StringIO(done.stdout))}
    ours, together = by_name["all of Gaugeglass"], by_name["behaviour, all ways"]
    assert float(ours["recall"]) >= 0.95
    assert float(together["recall"]) >= 0.95
    for row in (ours, together):
        assert float(row["quiet_a_day"]) == 0
    assert float(ours["false_a_day"]) <= 1
    assert float(together["false_a_day"]) <= 3.5  # one in the seven hours that are judged
    for rival in ("min/max", "plain forest", "zat example"):
        assert float(by_name[rival]["false_a_day"]) > 10
    assert "promise:" in done.stderr
    assert timedelta(seconds=float(ours["median_seconds"])) < timedelta(minutes=5)


def test_only_some_families_are_asked_about() -> None:
    every = [
        replace(label(10 * n, 10 * n + 5, "a"), description=d, techniques=(t,))
        for n, (d, t) in enumerate((("flood: of reads", "T0814"), ("writes", "T0836")))
    ]
    assert chosen(every, ()) == (every, [])
    assert chosen(every, ("flood",)) == (every[:1], every[1:])
    assert chosen(every, ("T0836",)) == (every[1:], every[:1])
    spoken = [hit(12, 13, "a")]  # tells of what is not asked about: neither found nor false
    made = score("d", "ours", spoken, every[:1], every[1:], moment(0), moment(60), None)
    assert (made.found, made.false) == (0, ())
