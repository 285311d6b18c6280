"""What was learned about behaviour, on disk: a folder that checks itself and where it fits.

A model file is data from outside: hashes are checked, forests are read by skops and looked through
(:mod:`~gaugeglass.behaviour.forestfile`), and at last what was loaded must give the same scores as
what was saved gave on a few made-up windows.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from gaugeglass.behaviour import promise
from gaugeglass.behaviour.calibrate import Calibration
from gaugeglass.behaviour.files import MisfitError, read_folder, write_folder
from gaugeglass.behaviour.learn import Behaviour
from gaugeglass.behaviour.registry import NAMES, VERSION
from gaugeglass.behaviour.standard import Standard
from gaugeglass.behaviour.ways.registry import ways
from gaugeglass.ledger.schema import WINDOW_SECONDS

FORMAT = 3

_PROBES = 64


def save(learned: Behaviour, folder: Path) -> None:
    """Write ``learned`` to ``folder``, replacing what was there. Same models, same bytes."""
    files: dict[str, bytes] = {
        f"norms-{length}.parquet": s.dump() for length, s in sorted(learned.standards.items())
    }
    about: dict[str, Any] = {}
    for way in ways():
        if way.name in learned.states:
            files |= way.dump(learned.states[way.name])
            about[way.name] = learned.calibrations[way.name].dump()
    manifest = {
        **_fit(learned.window_seconds),
        "lengths": list(learned.lengths),
        "ways": about,
        "promise": promise.dump(learned.promise),
        "notes": list(learned.notes),
        "probe": _probe(learned),
    }
    write_folder(folder, manifest, files)


def load(folder: Path, window_seconds: int = WINDOW_SECONDS) -> Behaviour:
    """Read ``folder``; :class:`MisfitError` where it does not fit or is not safe to use."""
    fit = _fit(window_seconds)
    manifest, _ = read_folder(folder, fit, ())
    try:
        lengths = tuple(int(n) for n in manifest["lengths"])
        about = manifest["ways"]
        norms = {n: f"norms-{n}.parquet" for n in (lengths if about else ())}
        names = [*norms.values(), *(f for w in ways() if w.name in about for f in w.files)]
        _, files = read_folder(folder, fit, tuple(names))
        standards = {n: _told(folder / f, Standard.load, files[f]) for n, f in norms.items()}
        states, calibrations = {}, {}
        for way in ways() if about else ():
            mine = {name: files[name] for name in way.files}
            where = folder / next(iter(mine), "manifest.json")
            states[way.name] = _told(where, way.load, mine)
            calibrations[way.name] = Calibration.load(about[way.name])
        learned = Behaviour(
            window_seconds, lengths, standards, states, calibrations,
            promise.load(manifest["promise"]), tuple(str(n) for n in manifest["notes"]),
        )  # fmt: skip
        expected = manifest["probe"]
        found = _probe(learned)
        for name, scores in expected.items():
            if np.abs(np.array(found[name]) - np.array(scores)).max() > 1e-9:
                raise MisfitError(folder, f"the model of {name} does not score as when saved")
    except (KeyError, TypeError, ValueError, AttributeError) as err:
        if isinstance(err, MisfitError):
            raise
        raise MisfitError(folder, f"the manifest does not describe its models ({err})") from err
    return learned


def _told(path: Path, read: Any, data: Any) -> Any:
    try:
        return read(data)
    except (KeyError, TypeError, ValueError) as err:
        raise MisfitError(path, str(err)) from err


def _probe(learned: Behaviour) -> dict[str, list[float]]:
    """Scores of every forest on the same made-up places."""
    places = np.random.default_rng(0).uniform(0, 4, (_PROBES, len(NAMES)))
    state = learned.states.get("forest", {})
    return {
        f"{length} {group}": state[length, group].scorer.score(places).round(12).tolist()
        for length, group in sorted(state)
    }


def _fit(window_seconds: int) -> dict[str, Any]:
    """What must be the same where models are used."""
    return {
        "kind": "behaviour",
        "version": FORMAT,
        "features": list(NAMES),
        "feature_version": VERSION,
        "window_seconds": window_seconds,
    }
