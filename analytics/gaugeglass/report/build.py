"""The report as one HTML file that loads nothing: styles and script stand inside, by hash."""

from __future__ import annotations

import base64
import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from importlib import resources
from pathlib import Path

import jinja2
from markupsafe import Markup

from gaugeglass.alerts.model import Alert
from gaugeglass.detections.base import SEVERITIES
from gaugeglass.inventory.model import ROLES
from gaugeglass.ledger.schema import STATE_CHANGING
from gaugeglass.report import assets, incidents, layout, matrix, network, summary, text
from gaugeglass.report.data import ReportData, Row

CONDUITS_MAX = 800
UNDECODED_MAX = 300
LOGS_MAX = 500
REJECTS_MAX = 100


def render(data: ReportData) -> str:
    """The whole page. The same data gives the same text."""
    data = replace(data, incidents=incidents.complete(data))
    known = network.addresses(data.assets)
    story = incidents.story(data, known)
    fired = matrix.matrix(data.alerts, data.covered)
    by_incident: dict[str, list[Alert]] = defaultdict(list)
    for alert in data.alerts:
        by_incident[alert.incident].append(alert)
    style, script = _static("report.css"), _static("report.js")
    template = _environment().get_template("report.html.j2")
    return template.render(
        data=data,
        csp=policy(style, script),
        style=Markup(style),  # noqa: S704 - our own file, no value in it
        script=Markup(script),  # noqa: S704
        who=lambda address: summary.who(address and str(address), known),
        verdict=summary.verdict(data),
        todos=summary.todos(summary.by_risk(list(data.incidents)), by_incident, known),
        trust=summary.trust(data),
        tiles=summary.tiles(data, fired.fired),
        incidents_total=len(data.incidents),
        story=story,
        map=layout.layout(network.network(data.assets, data.conduits, data.alerts)),
        roles_shown=[r for r in ROLES if any(_role(a.role) == r for a in data.assets)],
        assets=assets.table(data.assets, data.alerts, known),
        matrix=fired,
        conduits=_conduits(data.conduits),
        undecoded=sorted(data.undecoded, key=lambda r: (-text.total(r.get("bytes")), _name(r)))[
            :UNDECODED_MAX
        ],
        logs=sorted(data.logs, key=lambda r: (-text.total(r.get("rejected")), str(r.get("file"))))[
            :LOGS_MAX
        ],
        log_totals={
            key: sum(text.total(r.get(key)) for r in data.logs)
            for key in ("read", "used", "ignored", "rejected")
        },
        rejects=list(data.rejects)[:REJECTS_MAX],
        severities=SEVERITIES,
        roles=ROLES,
    )


def write(path: Path, data: ReportData) -> None:
    """Write the page to ``path`` whole or not at all. Raises :class:`OSError`."""
    page = render(data).encode("utf-8")
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(page)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def policy(style: str, script: str) -> str:
    """The Content-Security-Policy that admits exactly this style and this script."""
    return (
        "default-src 'none'; img-src data:; "
        f"style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(content: str) -> str:
    digest = hashlib.sha256(content.encode("utf-8")).digest()
    return "sha256-" + base64.b64encode(digest).decode("ascii")


@cache
def _static(name: str) -> str:
    # A browser hashes the text after it has turned CRLF into LF; so do we.
    folder = resources.files("gaugeglass.report").joinpath("static")
    content = folder.joinpath(name).read_text("utf-8").replace("\r\n", "\n")
    if "</" in content:
        raise ValueError(f"{name} must not hold '</': it would end its own element")
    return content


@cache
def _environment() -> jinja2.Environment:
    env = jinja2.Environment(
        loader=jinja2.PackageLoader("gaugeglass.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=text.finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        newline_sequence="\n",
    )
    env.filters.update(
        cut=lambda value, limit: text.visible(str(value or "")[:limit]),
        kind=_kind,
        known=lambda value, names, default: value if value in names else default,
        lasting=text.lasting,
        listed=text.listed,
        number=text.number,
        plural=text.plural,
        reasons=text.reasons,
        rfc3339=text.rfc3339,
        role=text.role,
        service_port=network.service_port,
        short=text.short,
        size=text.size,
        stamp=text.stamp,
        tail=text.tail,
        technique_name=incidents.technique_name,
        total=text.total,
        words=text.words,
    )
    return env


def _role(role: str) -> str:
    return role if role in ROLES else "unknown"


def _kind(action: str) -> str:
    return next((name for name, actions in network.KINDS if action in actions), "other")


def _name(row: Row) -> tuple[str, str, str, str]:
    return (
        str(row.get("client")), str(row.get("server")), str(row.get("service")),
        str(row.get("port")),
    )  # fmt: skip


def _conduits(rows: Sequence[Row]) -> list[Row]:
    """Those that change state first, then by bytes; capped."""

    def place(row: Row) -> tuple[int, int, tuple[str, str, str, str]]:
        changing = sum(a in STATE_CHANGING for a in text.listed(row.get("actions")))
        return -changing, -text.total(row.get("bytes")), _name(row)

    return sorted(rows, key=place)[:CONDUITS_MAX]
