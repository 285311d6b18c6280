"""An alert as one line of text in a format chosen by name, and made to fit a size."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from gaugeglass.alerts.model import Alert
from gaugeglass.detections.base import Card
from gaugeglass.formats import cef, csv, ecs, ocsf
from gaugeglass.formats.clean import clean
from gaugeglass.formats.jsonl import line
from gaugeglass.inventory.model import Asset

FORMATS: tuple[str, ...] = ("ecs", "ocsf", "cef", "csv")

#: What every line of a format starts with; a file's torn last line is known by it.
STARTS: dict[str, str] = {
    "ecs": '{"@timestamp":', "ocsf": '{"class_uid":', "cef": "CEF:0|Gaugeglass|", "csv": '"',
}  # fmt: skip

#: Whatever was written on the wire, an alert fits this many bytes in every format.
SMALLEST = 3072

_NO_CARD = Card("", (), ())
_NOTE = " [shortened]"
_TEXTS = ("summary", "observed", "normal", "operation", "object", "service", "rule")
_ADDRESSES = ("client", "server")


def header(fmt: str) -> str:
    """The line that goes before the first alert ("" for all formats but CSV)."""
    return csv.text([list(csv.ALERT_COLUMNS)]).rstrip("\n") if fmt == "csv" else ""


def render(
    alert: Alert,
    fmt: str,
    assets_by_address: Mapping[str, Asset],
    site: str,
    size: int | None = None,
) -> str:
    """``alert`` as one line without its newline, of at most ``size`` bytes (UTF-8).

    To fit, it leaves out the card and most evidence, then the assets' context, then cuts texts,
    and says so at the end of the summary; the alert store has all of it. Nobody can keep an alert
    from being sent by making its texts long: at :data:`SMALLEST` bytes or more it always fits.
    Raises :class:`ValueError` for an unknown format or a size that is too small.
    """
    if fmt not in FORMATS:
        raise ValueError(f"unknown format {fmt!r}; known: {', '.join(FORMATS)}")
    text = _line(alert, fmt, assets_by_address, site)
    if size is None or len(text.encode()) <= size:
        return text
    bare = replace(
        alert,
        card=_NO_CARD,
        uids=alert.uids[:2],
        assets=tuple(a for a in (alert.client, alert.server) if a) or alert.assets[:2],
    )
    for context, squeeze in (
        (assets_by_address, lambda t: t),
        ({}, lambda t: clean(t, 256)),
        ({}, lambda t: clean(t, 64)),
        ({}, _plain),
    ):
        text = _line(_with_texts(bare, squeeze), fmt, context, squeeze(site))
        if len(text.encode()) <= size:
            return text
    raise ValueError(f"alert {alert.id} does not fit {size} bytes; allow at least {SMALLEST}")


def _line(alert: Alert, fmt: str, assets: Mapping[str, Asset], site: str) -> str:
    if fmt == "ecs":
        return line(ecs.alert(alert, assets, site))
    if fmt == "ocsf":
        return line(ocsf.alert(alert, assets, site))
    if fmt == "cef":
        return cef.alert(alert, assets, site)
    return csv.text([csv.alert_row(alert)]).rstrip("\n")


def _with_texts(alert: Alert, squeeze: Callable[[str], str]) -> Alert:
    def opt(value: str | None) -> str | None:
        return None if value is None else squeeze(value)

    texts = {name: opt(getattr(alert, name)) for name in (*_TEXTS, *_ADDRESSES)}
    texts["summary"] = f"{texts['summary']}{_NOTE}"
    return replace(
        alert,
        **texts,  # type: ignore[arg-type]  # all of them are str or str | None
        assets=tuple(squeeze(a) for a in alert.assets),
        uids=tuple(squeeze(u) for u in alert.uids),
        sensor=squeeze(alert.sensor),
    )


def _plain(text: str) -> str:
    """At most 40 characters that no format has to escape (an IPv6 address still fits)."""
    return re.sub(r"[^A-Za-z0-9 _.:/+]", "_", text[:40])
