"""Detections that ask the behaviour room: unusual windows and silences."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from detection_kit import HIST, HMI, NORMAL, PLC, READ, Case, ask, check, context, relearn, row
from kit import at, ledger

from gaugeglass.behaviour.baseline import learn
from gaugeglass.behaviour.judge import judge
from gaugeglass.behaviour.learn import learn_behaviour
from gaugeglass.detections import behaviour_anomaly, behaviour_drift
from gaugeglass.detections.context import make_context
from gaugeglass.detections.registry import run

PUMP = "10.0.0.60"

#: Two assets that speak every minute, one of which may stop.
STEADY = [
    row(HMI, ip, minute, **READ, object="holding_register:0-19", count=60)
    for minute in range(60)
    for ip in (PLC, PUMP)
]
GOES_ON = [{**r, "minute": r["minute"] + 60} for r in STEADY if r["server"] == PLC]
BOTH_GO_ON = [{**r, "minute": r["minute"] + 60} for r in STEADY]
WHOLE = [{**r, "minute": r["minute"] + 60} for r in NORMAL]


def slowly(start: int, end: int, count: int) -> list[dict[str, Any]]:
    """Days [start, end) of polls, a little uneven, six an hour."""
    return [row(HMI, ip, 10 * n, **READ, object="holding_register:0-19",
                count=(count if ip == PLC else 200) + 7 * n % 5)
            for n in range(144 * start, 144 * end) for ip in (PLC, PUMP)]  # fmt: skip


CASES = [
    Case("asset_silent", "a controller", [*WHOLE, *GOES_ON, BOTH_GO_ON[1]],
         {"technique": "T1695.002", "severity": "medium", "server": PUMP,
          "says": "still silent"}, extra=STEADY),
    Case("asset_silent", "it comes back", [*WHOLE, *GOES_ON, BOTH_GO_ON[1], BOTH_GO_ON[-1]],
         {"severity": "low", "says": "came back"}, extra=STEADY),
    Case("asset_silent", "everybody speaks", [*WHOLE, *BOTH_GO_ON], extra=STEADY),
    Case("behaviour_anomaly", "a rate ten times as high",
         [*BOTH_GO_ON, *(row(HMI, PLC, 100 + n, **READ, object="holding_register:0-19", count=900)
                         for n in range(3))], {"client": HMI, "server": PLC}, extra=STEADY),
    Case("behaviour_anomaly", "the same as ever", BOTH_GO_ON, extra=STEADY),
    Case("behaviour_drift", "a poll rate a fifth higher for a day", slowly(2, 4, 240),
         {"client": HMI, "server": PLC, "severity": "low", "says": "gaugeglass learn --since"},
         extra=slowly(0, 2, 200)),
    Case("behaviour_drift", "days like days", slowly(2, 4, 200), extra=slowly(0, 2, 200)),
]  # fmt: skip


@pytest.mark.parametrize("case", [c for c in CASES if c.detection == "asset_silent"],
                         ids=lambda c: c.id)  # fmt: skip
def test_silence(case: Case) -> None:
    check(case)


@pytest.mark.parametrize("case", [c for c in CASES if c.detection == "behaviour_anomaly"],
                         ids=lambda c: c.id)  # fmt: skip
def test_anomaly(case: Case) -> None:
    with context(case) as ctx:
        config = {"behaviour": {"trees": 20, "seed": 0, "false_alerts_per_day": 1.0}}
        models = learn_behaviour(ctx.db, at(0), at(60), config)
        relearn(ctx.db, whole=True)  # learning leaves the facts of a part
        judging = replace(ctx, models=models, judgement=judge(ctx.db, models, ctx.since, ctx.until))
        found = list(behaviour_anomaly.DETECTION.find(judging))
        result = run(judging)
    if case.expect is None:
        assert found == []
        return
    assert {(f.client, f.server) for f in found} <= {(HMI, PLC)}
    assert found[0].score is not None
    assert found[0].score > 0.5
    assert found[0].severity in ("low", "medium")
    # The flood is told by its own detection, and so not as an anomaly.
    assert {d.name for d, _ in result.findings} == {"flood"}


@pytest.mark.parametrize("case", [c for c in CASES if c.detection == "behaviour_drift"],
                         ids=lambda c: c.id)  # fmt: skip
def test_drift(case: Case) -> None:
    db = ledger([*case.extra, *case.then])  # days, not the plant's hours
    learn(db, at(0), at(2880)).register(db)
    found = list(behaviour_drift.DETECTION.find(make_context(db, at(2880), at(5760))))
    if case.expect is None:
        assert found == []
        return
    (told,) = found
    assert (told.client, told.server) == (case.expect["client"], case.expect["server"])
    assert case.expect["says"] in told.normal
    assert behaviour_drift.DETECTION.severity == case.expect["severity"]


def test_without_models_it_is_skipped_and_said_so() -> None:
    with context(Case("", "", [row(HIST, PLC)])) as ctx:
        skipped = dict(run(ctx).skipped)
    assert skipped == {"behaviour_anomaly": "no behaviour model was learned"}
    assert ask(Case("behaviour_anomaly", "", [row(HIST, PLC)])) == []
