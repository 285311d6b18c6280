from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
from plant_ledger import moment

from gaugeglass.behaviour.episodes import grouped
from gaugeglass.behaviour.judge import strong
from gaugeglass.behaviour.promise import dump, load, promise
from gaugeglass.behaviour.strength import strength, told_from


def rows(*given: tuple[float, str | None, str | None, float]) -> pd.DataFrame:
    """Rows of (minute, client, server, rate)."""
    return pd.DataFrame(
        [
            {"length": 60, "window": moment(minute), "end": moment(minute + 1),
             "side": "conduit" if c and s else "client",
             "address": f"{c} {s}", "client": c, "server": s, "pool": "", "score": 1.0,
             "way": "checks", "p": 0.0, "rate": rate}
            for minute, c, s, rate in given
        ]
    )  # fmt: skip


def test_what_follows_closely_is_one_episode() -> None:
    frame = rows((0, "a", "x", 1), (3, "a", "y", 1), (20, "a", None, 1), (60, "a", "x", 1),
                 (3, "b", "x", 1))  # fmt: skip
    found = [(g.focus, g.start, len(g.rows), g.servers) for g in grouped(frame)]
    assert found == [
        ("a", moment(0), 2, {"x", "y"}), ("b", moment(3), 1, {"x"}), ("a", moment(20), 1, set()),
        ("a", moment(60), 1, {"x"}),
    ]  # fmt: skip


def test_a_servers_episode_belongs_to_the_client_who_talked_to_it() -> None:
    frame = rows((0, "a", "x", 1), (2, None, "x", 1), (2, None, "z", 1))
    assert [(g.focus, g.client, len(g.rows)) for g in grouped(frame)] == [
        ("a", True, 2), ("z", False, 1),
    ]  # fmt: skip


def random_rows(seed: int, days: float, daily: float) -> pd.DataFrame:
    """Windows of many clients at random, ``daily`` a day, with rates as calibration gives them."""
    rng = np.random.default_rng(seed)
    count = rng.poisson(daily * days)
    minutes = rng.uniform(0, days * 1440, count)
    rate = rng.uniform(0, daily, count)
    clients = rng.integers(0, 500, count)
    return rows(*((m, f"c{c}", "s", r) for m, c, r in zip(minutes, clients, rate, strict=True)))


@pytest.mark.parametrize("budget", [0.5, 1.0, 5.0])
def test_later_time_raises_as_many_episodes_as_promised(budget: float) -> None:
    made = promise(random_rows(1, 14, 300), 14, budget)
    assert made.proven
    realised = []
    for seed in range(2, 6):
        later = random_rows(seed, 14, 300)
        realised.append(len(strong(later[later["rate"] <= made.loose], made)[0]) / 14)
    assert budget / 3 <= np.mean(realised) <= 1.3 * budget
    assert made.predicted <= budget


def test_too_little_time_says_how_much_more() -> None:
    made = promise(random_rows(1, 0.25, 300), 0.25, 1.0)
    assert not made.proven
    assert made.more_days == pytest.approx(2.75)
    assert "learn 2.8 days more" in made.sentence()
    assert made.threshold > 0
    assert made.predicted <= 1.0001
    longer = promise(random_rows(1, 10, 300), 10, 1.0)
    assert "counted on 10 days" in longer.sentence()


def test_a_larger_budget_never_hears_less() -> None:
    frame = random_rows(1, 7, 200)
    rates = [promise(frame, 7, b).rate for b in (0.1, 0.3, 1, 3, 10)]
    assert rates == sorted(rates)
    assert promise(frame, 7, 0).rate == 0
    assert promise(frame, 7, 0).threshold == float("inf")


def test_quiet_held_out_time_still_gives_a_threshold() -> None:
    none = rows((0, "a", "b", 1)).iloc[:0]
    made = promise(none, 2.0, 1.0)
    assert 0 < made.rate < float("inf")
    assert made.counted == 0
    assert load(dump(made)) == made
    assert promise(none, 0.0, 1.0).rate == 0
    assert timedelta(days=made.more_days) == timedelta(days=1)


def test_three_odd_windows_weigh_more_than_one_and_other_ways_add_nothing() -> None:
    odd = rows((0, "a", "x", 0.5))
    one = strength(odd, 2.0)
    assert one == pytest.approx(np.log(4))
    three = rows((0, "a", "x", 0.5), (2, "a", "x", 0.5), (4, "a", "x", 0.5))
    assert strength(three, 2.0) == pytest.approx(3 * one)
    assert strength(pd.concat([three, rows((6, "a", "x", 0.5))]), 2.0) == pytest.approx(3 * one)
    # the same minute from another side, by another way or length is the same deed again
    assert strength(pd.concat([odd, odd.assign(side="server")]), 2.0) == one
    assert strength(pd.concat([odd, odd.assign(way="forest")]), 2.0) == one
    assert strength(pd.concat([odd, odd.assign(length=900)]), 2.0) == one
    assert strength(odd.assign(rate=1e-30), 2.0) == 10.0  # no guess outweighs everything


def test_an_episode_is_told_when_it_has_shown_enough() -> None:
    frame = rows(*((2 * n, "a", "x", 0.5) for n in range(5)))
    enough = 2.5 * strength(frame.iloc[:1], 2.0)
    begun, shown = pd.Timestamp(moment(0)), pd.Timestamp(moment(5))
    assert told_from(frame, 2.0, enough) == (begun, shown)
    assert told_from(frame, 2.0, 0.0) == (begun, pd.Timestamp(moment(1)))
    # what was hardly odd before is not where it began
    dull = pd.concat([rows((0, "a", "x", 2.0)), rows(*((2 * n, "a", "x", 0.5) for n in (3, 4, 5)))])
    assert told_from(dull, 2.0, enough)[0] == pd.Timestamp(moment(6))
