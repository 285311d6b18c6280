"""Run everything over labelled logs: each detector of ours, all together, and what others use."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from gaugeglass.behaviour.features import features
from gaugeglass.behaviour.judge import judge
from gaugeglass.behaviour.ways.registry import ways
from gaugeglass.config import Config
from gaugeglass.evaluation.hits import Hit, of_alert, of_windows, without
from gaugeglass.evaluation.phases import Phases, PhasesError
from gaugeglass.evaluation.rivals.base import Data
from gaugeglass.evaluation.rivals.registry import rivals
from gaugeglass.evaluation.score import Score, score
from gaugeglass.labels import Label
from gaugeglass.pipeline import Site

WINDOW = 60
EVERYTHING, BEHAVIOUR = "all of Gaugeglass", "behaviour, all ways"
#: Everything as it would be told as it happens. Run over weeks at once, the detection LUMPED makes
#: one alert of all that a way found about an asset; here its unusual windows speak for themselves.
AS_IT_HAPPENS, LUMPED = "all, as it happens", "behaviour_anomaly"


@dataclass(frozen=True)
class Result:
    """Scores by detector, and what the behaviour models promised."""

    scores: tuple[Score, ...]
    promise: str
    budget: float


def evaluate(
    paths: Sequence[Path], labels: Sequence[Label], phases: Phases, config: Config, state: Path,
    with_rivals: bool = True, progress: Callable[[int, int, str], None] | None = None,
) -> Result:  # fmt: skip
    """Learn the quiet beginning of the logs in ``paths``, judge the rest, and score it.

    ``state`` is a folder for the ledger. Raises :class:`~.phases.PhasesError` for spans that the
    logs do not hold.
    """

    def tell(done: int, total: int, what: str) -> None:
        if progress is not None:
            progress(done, total, what)

    tell(0, 5, "reading logs")
    site = Site(state, config)
    site.ingest(paths)
    db = site.connect()
    assets = site.inventory(db)
    span = phases.within(*site.span(db))
    start, end = span.start, span.end
    if start is None or end is None:
        raise PhasesError("the logs hold no time at all")
    tell(1, 5, "learning")
    learned = site.learn(db, start, span.learn_until)
    tell(2, 5, "judging")
    found = site.detect(db, assets, since=span.learn_until, until=end)
    alerts = [of_alert(a, timedelta(seconds=site.window)) for a in found.alerts]
    learned.baseline.register(db)
    judged = judge(db, learned.models, span.learn_until, end)

    def scored(name: str, group: str, hits: Sequence[Hit]) -> Score:
        return score(name, group, hits, labels, (), span.learn_until, end, span.quiet_until)

    out = [scored(EVERYTHING, "ours", alerts)]
    rows = judged.rows
    behaviour = of_windows(BEHAVIOUR, rows)
    told = [hit for hit in alerts if hit.by != LUMPED]
    out.append(scored(AS_IT_HAPPENS, "ours", [*told, *without(behaviour, told)]))
    out.append(scored(BEHAVIOUR, "ours", behaviour))
    for way in ways():
        mine = rows[rows["way"] == way.name]
        out.append(scored(way.name, "a way of ours", of_windows(way.name, mine)))
    for name in sorted({hit.by for hit in alerts}):
        out.append(scored(name, "a detection of ours", [h for h in alerts if h.by == name]))
    if with_rivals:
        tell(3, 5, "what others use")
        cut = span.learn_until
        data = Data(
            features(db, start, cut, WINDOW), features(db, cut, end, WINDOW),
            tuple(paths), cut, end, int(config.get("behaviour.seed")),
        )  # fmt: skip
        for rival in rivals():
            tell(4, 5, rival.name)
            hits = of_windows(rival.name, rival.flag(data))
            out.append(scored(rival.name, "in use elsewhere", hits))
    made = learned.models.promise
    return Result(tuple(out), made.sentence(), made.budget)
