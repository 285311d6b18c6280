from __future__ import annotations

import math

import numpy as np
import pytest
from kit import at, ledger

from gaugeglass.behaviour.baseline import learn
from gaugeglass.behaviour.completeness import Completeness, measure


def sample(weights: np.ndarray, n: int, seed: int) -> tuple[Completeness, float]:
    """Good-Turing counts of ``n`` draws, and the true chance that the next draw is new."""
    seen = np.random.default_rng(seed).multinomial(n, weights)
    counts = Completeness(
        "all", None, int((seen > 0).sum()), n, int((seen == 1).sum()), int((seen == 2).sum()), 10.0
    )
    return counts, float(weights[seen == 0].sum())


@pytest.mark.parametrize("shape", ["uniform", "zipf", "steep"])
def test_estimates_the_mass_of_what_was_not_seen(shape: str) -> None:
    rank = np.arange(1, 501)
    weights = {"uniform": np.ones(500), "zipf": 1 / rank, "steep": rank**-2.0}[shape]
    weights = weights / weights.sum()
    found = [sample(weights, 800, seed) for seed in range(200)]
    estimate, truth = np.mean([c.unseen for c, _ in found]), np.mean([t for _, t in found])
    assert estimate == pytest.approx(truth, rel=0.05)
    # The bound is 95%: it may miss now and then, not often.
    assert np.mean([c.upper >= t for c, t in found]) > 0.9


def test_hours_to_the_target_are_about_right() -> None:
    weights = 1 / np.arange(1, 201)
    weights /= weights.sum()
    reached = []
    for seed in range(60):
        counts, _ = sample(weights, 1500, seed)
        target = counts.unseen / 2
        hours = counts.hours_to(target)
        later = int(1500 * (1 + hours / counts.hours))
        reached.append(sample(weights, later, seed + 1000)[1] / target)
    assert 0.6 < np.mean(reached) < 1.7


def test_windows_count_not_events() -> None:
    rows = [{"minute": m, "client": "a", "server": "b", "count": 1000} for m in range(60)]
    rows += [{"minute": 7, "client": "a", "server": "c", "count": 1000}]
    rows += [{"minute": 7, "client": "a", "server": "c", "outcome": "error", "count": 500}]
    found = {(c.kind, c.service): c for c in measure(ledger(rows), at(0), at(60), 60)}
    conduit = found["conduit", "modbus"]
    assert (conduit.facts, conduit.observations, conduit.once) == (2, 61, 1)
    assert conduit.unseen == pytest.approx(1 / 61)
    assert conduit.hours == 1.0
    assert found["asset", None].once == 1
    parts = [found[k, None] for k in ("asset", "conduit", "operation", "object", "action")]
    assert found["all", None].once == sum(p.once for p in parts)


def test_a_range_inside_what_is_often_read_is_not_a_new_fact() -> None:
    rows = [
        {"minute": m, "client": "a", "server": "b", "object": f"coil:{low}-{low + 9}"}
        for m in range(10) for low in (0, 10)
    ]  # fmt: skip
    rows += [{"minute": 3, "client": "a", "server": "b", "object": "coil:5-14"}]
    rows += [{"minute": 4, "client": "a", "server": "b", "object": "coil:15-24"}]
    found = {(c.kind, c.service): c for c in measure(ledger(rows), at(0), at(10), 60)}
    assert found["object", None].once == 1


def test_sentences() -> None:
    assert Completeness("all", None, 900, 5000, 20, 10, 24.0).sentence() == (
        "the next fact has a 0.4% chance of being new; learn about 33 h more for 0.1%"
    )
    assert Completeness("conduit", "s7comm", 9, 5000, 0, 2, 24.0).sentence() == (
        "the next conduit of s7comm has a 0% chance of being new (at most 0.098%, 95% sure)"
    )
    assert Completeness("all", None, 90, 100, 80, 5, 1.0).sentence() == (
        "the next fact has a 80% chance of being new; learn about 3 h more and ask again"
    )
    assert Completeness("all", None, 1, 5000, 1, 0, 1.0).sentence().endswith("being new"
        " (at most 0.09%, 95% sure)")  # fmt: skip
    assert (
        Completeness("all", None, 9, 9, 9, 0, 1 / 60)
        .sentence()
        .endswith("has a 100% chance of being new; learn about 3 min more and ask again")
    )
    assert Completeness("object", "dnp3", 0, 0, 0, 0, 0.0).hours_to() == math.inf


def test_it_is_kept_with_the_baseline() -> None:
    rows = [{"minute": m, "client": "a", "server": "b"} for m in range(60)]
    base = learn(ledger(rows), at(0), at(60))
    assert base.completeness == measure(ledger(rows), at(0), at(60), 60)
    assert base.completeness[0].kind == "all"
