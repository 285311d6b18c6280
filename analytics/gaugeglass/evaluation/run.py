"""Run everything over labelled logs: each detector of ours, all together, and what others use."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from gaugeglass.behaviour.features import features
from gaugeglass.behaviour.judge import WORTH, strong
from gaugeglass.behaviour.ways.base import stacked
from gaugeglass.behaviour.ways.registry import ways
from gaugeglass.config import Config
from gaugeglass.detections.registry import all_detections
from gaugeglass.evaluation.hits import Hit, known, of_alert, of_windows
from gaugeglass.evaluation.phases import Phases, PhasesError
from gaugeglass.evaluation.rivals.base import Data
from gaugeglass.evaluation.rivals.registry import rivals
from gaugeglass.evaluation.score import Score, score
from gaugeglass.labels import Label
from gaugeglass.pipeline import Site

WINDOW = 60
EVERYTHING, BEHAVIOUR = "all of Gaugeglass", "behaviour, all ways"


@dataclass(frozen=True)
class Result:
    """Scores by detector, and what the behaviour models promised."""

    scores: tuple[Score, ...]
    promise: str
    budget: float


def evaluate(
    paths: Sequence[Path], labels: Sequence[Label], phases: Phases, config: Config, state: Path,
    with_rivals: bool = True, progress: Callable[[int, int, str], None] | None = None,
    others: Sequence[Label] = (),
) -> Result:  # fmt: skip
    """Learn the quiet beginning of the logs in ``paths``, judge the rest, and score it.

    ``others`` are attacks that are not asked about: what speaks of them counts for nothing.
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
    if span.first_until is None:
        learned = site.learn(db, start, span.learn_until)
        tell(2, 5, "judging")
        found = site.detect(db, assets, since=span.learn_until, until=end)
    else:
        site.learn(db, start, span.first_until)
        site.detect(db, assets, since=span.first_until, until=span.learn_until)
        learned = site.learn(db, span.first_until, span.learn_until)
        tell(2, 5, "judging")
        # Alerts of the first baseline would take up those that repeat them: they start anew.
        fresh = Site(state / "again", config)
        fresh.ingest(paths)
        db = fresh.connect()
        assets = fresh.inventory(db)
        found = fresh.detect(db, assets, baseline=state, since=span.learn_until, until=end)
    judged = found.judgement
    rows, loose = (judged.rows, judged.loose) if judged else (stacked([], WORTH),) * 2
    window = timedelta(seconds=site.window)
    by_models = {d.name for d in all_detections() if d.needs_models or d.budgeted}
    alerts = [
        of_alert(a, window, known(a, rows) if a.detection in by_models else None)
        for a in found.alerts
    ]

    def scored(name: str, group: str, hits: Sequence[Hit]) -> Score:
        return score(name, group, hits, labels, others, span.learn_until, end, span.quiet_until)

    out = [scored(EVERYTHING, "ours", alerts)]
    out.append(scored(BEHAVIOUR, "ours", of_windows(BEHAVIOUR, rows)))
    for way in ways():
        mine = loose[loose["way"] == way.name]
        told = strong(mine, learned.models.promise)[1]
        out.append(scored(way.name, "a way of ours", of_windows(way.name, told)))
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
