"""``gaugeglass assets``: list who is there."""

from __future__ import annotations

from dataclasses import asdict

import click

from gaugeglass.cli.app import App
from gaugeglass.cli.show import format_option, rows
from gaugeglass.inventory.model import ROLES
from gaugeglass.pipeline import Site


@click.command(name="assets")
@click.option("--role", type=click.Choice(ROLES), help="Only assets of this role.")
@click.option("--evidence", is_flag=True, help="Say why each role and level is believed.")
@format_option
@click.pass_obj
def command(app: App, role: str | None, evidence: bool, fmt: str) -> None:
    """List the assets: addresses, role, Purdue level, vendor, model, firmware, services.

    json and jsonl carry every claim with its source log, times and confidence.

    \b
    Example:  gaugeglass assets --role controller
    """
    site = Site(app.state, app.config)
    with app.progress("assets"):
        assets = site.inventory(site.connect())
    assets = [a for a in assets if role is None or a.role == role]
    items = [
        {"label": a.label, "role": a.role, "level": a.level, "ips": a.ips, "macs": a.macs,
         "vendor": a.best("vendor"), "model": a.best("model"), "firmware": a.best("firmware"),
         "offers": a.services_offered, "uses": a.services_used, "local": a.local,
         "first": a.first, "last": a.last, "why_role": a.role_evidence,
         "why_level": a.level_evidence}
        for a in assets
    ]  # fmt: skip
    columns = ("label", "role", "level", "ips", "vendor", "model", "firmware", "offers")
    more = ("label", "role", "why_role", "level", "why_level")
    rows(items, more if evidence else columns, fmt, [asdict(a) for a in assets])
