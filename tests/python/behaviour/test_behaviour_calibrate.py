from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from gaugeglass.behaviour.calibrate import (
    MIN_TESTS,
    SHARED,
    Calibration,
    calibrate,
    fit_tail,
    held_worth,
)


def frame(scores: np.ndarray, pool: str = "p", length: int = 60) -> pd.DataFrame:
    return pd.DataFrame({"length": length, "pool": pool, "score": scores})


def counts(*rows: tuple[int, str, int]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["length", "pool", "tests"])


@pytest.mark.parametrize("draw", ["exponential", "pareto", "normal"])
def test_p_values_are_what_they_say_on_fresh_scores(draw: str) -> None:
    """Of new normal scores, a share p has a p-value of at most p, also beyond what was seen."""
    rng = np.random.default_rng(7)
    make = {"exponential": lambda n: rng.exponential(1, n), "pareto": lambda n: rng.pareto(4, n),
            "normal": lambda n: np.abs(rng.normal(0, 1, n))}[draw]  # fmt: skip
    tail = fit_tail(make(5000), 5000, 1.0)
    fresh = tail.p(make(1_000_000))
    for level in (0.1, 0.01, 1e-3, 1e-4, 2e-5):
        realised = (fresh <= level).mean()
        assert realised <= 2.5 * level, level
        assert realised >= level / (2.5 if level >= 1e-3 else 25), level


def test_p_falls_as_the_score_rises_and_never_reaches_zero() -> None:
    rng = np.random.default_rng(1)
    tail = fit_tail(rng.exponential(1, 2000), 2000, 1.0)
    p = tail.p(np.linspace(0, 1e6, 10_000))
    assert (np.diff(p) <= 0).all()
    assert p[-1] > 0
    assert p[0] == 1.0


def test_with_few_scores_the_ways_own_tail_is_used() -> None:
    none = fit_tail(np.zeros(0), 1000, 2.0)
    assert none.p(np.array([0.0])) == 1.0
    assert none.p(np.array([2.0])) == pytest.approx(0.5 / 1001 / np.e)
    three = fit_tail(np.array([1.0, 2.0, 3.0]), 1000, 1.0)
    assert three.p(np.array([2.0])) == pytest.approx(3 / 1001)
    assert three.p(np.array([4.0])) == pytest.approx(1.5 / 1001 / np.e)


def test_small_pools_share_a_tail_and_large_ones_have_their_own() -> None:
    rng = np.random.default_rng(2)
    calm, wild = (frame(rng.exponential(n, 1000), name) for n, name in ((1, "calm"), (9, "wild")))
    rows = pd.concat([calm, wild, frame(np.ones(5), "tiny")])
    tests = counts((60, "calm", 1000), (60, "wild", 1000), (60, "tiny", MIN_TESTS - 1))
    made = calibrate(rows, tests, 2.0, 1.0)
    assert set(made.tails) == {(60, SHARED), (60, "calm"), (60, "wild")}
    asked = pd.DataFrame({"length": 60, "pool": ["calm", "wild", "tiny", "new"], "score": 8.0})
    p, rate = made.worth(asked)
    assert p[0] < p[1] / 10
    assert p[2] == p[3]
    daily = (2000 + MIN_TESTS - 1) / 2.0
    assert rate == pytest.approx(p * daily)
    # nothing is said of a length nothing was learned of
    assert made.worth(asked.assign(length=900))[1].tolist() == [np.inf] * 4


def test_the_lowest_score_of_a_rate_has_that_rate() -> None:
    rng = np.random.default_rng(3)
    made = calibrate(frame(rng.exponential(1, 3000)), counts((60, "p", 3000)), 1.0, 1.0)
    for rate in (100.0, 1.0, 0.01):
        score = made.least(rate, 60)
        assert made.tails[60, SHARED].p(np.array([score]))[0] * 3000 <= rate * 1.0001
        assert made.tails[60, SHARED].p(np.array([score * 0.97]))[0] * 3000 > rate * 0.99
    assert made.least(1.0, 900) == np.inf


def test_what_is_dumped_is_loaded() -> None:
    rng = np.random.default_rng(4)
    made = calibrate(frame(rng.exponential(1, 3000)), counts((60, "p", 3000)), 1.0, 1.0)
    again = Calibration.load(made.dump())
    asked = frame(rng.exponential(3, 100))
    for one, other in zip(made.worth(asked), again.worth(asked), strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_pool_that_showed_nothing_borrows_how_far_the_others_go() -> None:
    """Of many calm pools each has its first excess some day; none of them is a sensation."""
    pools = [f"p{n}" for n in range(40)]
    tests = counts(*((60, p, 10_000) for p in pools))

    def week(seed: int) -> pd.DataFrame:
        dice = np.random.default_rng(seed)
        some = dice.choice(pools, 20)  # half an excess a pool
        return frame(0.3 + dice.exponential(0.1, 20)).assign(pool=some)

    made = calibrate(week(1), tests, 7.0, 0.01)
    rates = np.concatenate([made.worth(week(seed))[1] for seed in range(2, 30)])
    for rate in (0.2, 0.5, 1.0):
        realised = (rates <= rate).sum() / (28 * 7)
        assert rate / 5 <= realised <= 2 * rate, rate


def test_held_out_scores_are_not_vouched_for_by_their_own_block() -> None:
    rng = np.random.default_rng(6)
    rows = frame(np.concatenate([rng.exponential(1, 3000), [50.0, 51.0, 52.0]]))
    block = np.append(np.arange(3000) % 4, [3, 3, 3])
    tests = counts((60, "p", 3003))
    own = calibrate(rows, tests, 4.0, 1.0).worth(rows)[1]
    held = held_worth(rows, tests, 4.0, 1.0, block, 4)[1]
    assert own[-3:].min() > 0.4  # seen three times in four days: about as often
    assert held[-3:].max() < 1e-3  # to whoever did not see that day, unheard of
    usual = slice(0, 3000)
    assert np.median(np.log10(held[usual] / own[usual])) == pytest.approx(0, abs=0.02)
