"""Finds the detections in this folder and runs them, specific ones before general ones."""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache

import gaugeglass.detections as folder
from gaugeglass.behaviour.judge import Judgement
from gaugeglass.config import Config, ConfigError
from gaugeglass.detections.base import Context, Detection, Event, Finding
from gaugeglass.detections.common import text

#: Modules of this folder that are not detections.
NOT_DETECTIONS = frozenset({"base", "common", "context", "registry", "rule_cards"})


@dataclass(frozen=True)
class RunResult:
    """What a run of all detections gave.

    ``findings`` are in order of rank, name and key. ``skipped`` did not run, with the reason;
    ``failed`` ran and raised, with the error: their silence means nothing. ``held``: how many
    findings of a detection were left out, being no stranger than what normal time shows more often
    than the accepted number of false alerts.
    """

    findings: list[tuple[Detection, Finding]]
    skipped: list[tuple[str, str]]
    failed: list[tuple[str, str]]
    held: list[tuple[str, int]] = field(default_factory=list)


@cache
def all_detections() -> tuple[Detection, ...]:
    """Every detection, in the order they run. Raises TypeError for a file without DETECTION."""
    detections = []
    for module in pkgutil.iter_modules(folder.__path__):
        if module.name in NOT_DETECTIONS or module.name.startswith("_"):
            continue
        detection = getattr(
            importlib.import_module(f"{folder.__name__}.{module.name}"), "DETECTION", None
        )
        if not isinstance(detection, Detection):
            raise TypeError(f"detections/{module.name}.py defines no DETECTION")
        detections.append(detection)
    return tuple(sorted(detections, key=lambda d: (d.rank, d.name)))


def check_config(config: Config) -> None:
    """Raise :class:`ConfigError` for an unknown detection or option, or a value of a wrong type."""
    by_name = {d.name: d for d in all_detections()}
    for name in config["detections"]["disable"]:
        if name not in by_name:
            raise ConfigError(f"detections.disable: no detection {name!r}{_near(name, by_name)}")
    for name, body in config["detections"].items():
        if name == "disable":
            continue
        if name not in by_name:
            raise ConfigError(f"[detections.{name}]: no such detection{_near(name, by_name)}")
        options = by_name[name].options
        for key, value in body.items():
            if key not in options:
                raise ConfigError(
                    f"[detections.{name}]: unknown option {key!r}{_near(key, options)}"
                )
            if not _fits(value, options[key]):
                raise ConfigError(
                    f"[detections.{name}] {key} must be a {type(options[key]).__name__},"
                    f" not {value!r}"
                )


def run(
    ctx: Context,
    config: Config | None = None,
    disable: Collection[str] = (),
    progress: Callable[[str, int, int], None] | None = None,
) -> RunResult:
    """Run every detection that is not disabled, in ``ctx``.

    ``progress(name, done, total)`` is called before each. One that raises is reported in
    ``failed`` and the others go on. Raises :class:`ConfigError` for wrong detection options.
    """
    config = config or Config()
    check_config(config)
    off = {*disable, *config["detections"]["disable"]}
    result = RunResult([], [], [])
    told: dict[Event, tuple[tuple[datetime, datetime], ...]] = {}
    level, visible, spans = None, ctx.told, dict(told)
    detections = all_detections()
    for done, detection in enumerate(detections):
        if progress:
            progress(detection.name, done, len(detections))
        if detection.name in off:
            result.skipped.append((detection.name, "disabled"))
            continue
        if detection.needs_baseline and not ctx.learned:
            result.skipped.append((detection.name, "nothing learned yet"))
            continue
        if detection.needs_models and ctx.models is None:
            result.skipped.append((detection.name, "no behaviour model was learned"))
            continue
        if detection.rank != level:  # those of one rank do not see each other
            level, visible, spans = detection.rank, (*ctx.told, *told), dict(told)
        own = replace(ctx, config=config.detection(detection.name), told=visible, spans=spans)
        try:
            findings = sorted(map(_clean, detection.find(own)), key=lambda f: f.key)
        except Exception as err:  # a fault in one must not blind the others
            result.failed.append((detection.name, f"{type(err).__name__}: {err}".split("\n")[0]))
            continue
        if detection.budgeted and ctx.judgement is not None:
            kept = [f for f in findings if _strange(ctx.judgement, f)]
            if len(kept) < len(findings):
                result.held.append((detection.name, len(findings) - len(kept)))
            findings = kept
        result.findings.extend((detection, finding) for finding in findings)
        for finding in findings:
            for event in finding.events():
                told[event] = (*told.get(event, ()), (finding.first, finding.last))
    return result


def _strange(judgement: Judgement, finding: Finding) -> bool:
    who = tuple(w for w in (finding.client, finding.server) if w) or finding.assets
    return judgement.supports(who, finding.first, finding.last)


def _clean(finding: Finding) -> Finding:
    """The finding with its sentences on one line each, whatever the wire put into them."""
    return replace(
        finding,
        summary=text(finding.summary, 600),
        observed=text(finding.observed, 1200),
        normal=text(finding.normal, 600),
    )


def _fits(value: object, default: object) -> bool:
    if isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
        return True
    return type(value) is type(default)


def _near(word: str, known: Collection[str]) -> str:
    close = difflib.get_close_matches(word, list(known), n=1)
    return f"; did you mean {close[0]!r}?" if close else ""
