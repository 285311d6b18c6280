"""``gaugeglass sensor``: what goes back to the sensor, and what it says of itself.

Only the sensor's management address is spoken to, never the monitored network.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from gaugeglass.behaviour.upkeep import decisions
from gaugeglass.cli.app import App
from gaugeglass.cli.show import format_option, rows
from gaugeglass.formats import jsonl
from gaugeglass.ledger.manifest import Manifest
from gaugeglass.pipeline import NothingToDo, Site
from gaugeglass.response import allowlist
from gaugeglass.sensor import ask, link
from gaugeglass.sensor.tail import tail

_FILE = click.Path(dir_okay=False, exists=True, path_type=Path)
_LINK = (
    click.option(
        "--sensor", "host", default=f"127.0.0.1:{link.PORT}", show_default=True,
        envvar="GAUGEGLASS_SENSOR", help="Where link.zeek listens, as HOST:PORT.",
    ),
    click.option(
        "--timeout", type=click.FloatRange(min=0.1), default=10.0, show_default=True,
        help="Seconds to wait for the sensor.",
    ),
    click.option("--tls", is_flag=True, help="Speak TLS, judged by the system's CAs."),
    click.option("--ca", type=_FILE, help="CA that signed the sensor's certificate (PEM)."),
    click.option("--cert", type=_FILE, help="Certificate to show to the sensor (PEM)."),
    click.option("--key", type=_FILE, help="Its key, where the certificate's file has none."),
)  # fmt: skip


def _linked(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of the link, and it the address that they make."""

    @wraps(function)
    def call(
        *args: Any, host: str, timeout: float, tls: bool, ca: Path | None, cert: Path | None,
        key: Path | None, **kwargs: Any,
    ) -> None:  # fmt: skip
        try:
            to = link.address(host, timeout, tls, ca, cert, key)
        except ValueError as err:
            raise click.BadParameter(str(err), param_hint="--sensor") from err
        function(*args, to=to, **kwargs)

    for option in reversed(_LINK):
        call = option(call)
    return call


@click.group(name="sensor")
def command() -> None:
    """What goes back to the sensor (who may change what), and how it does.

    \b
    Example:  gaugeglass sensor status
    """


@command.command(name="allowlist")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path),
    help="File to write, whole or not at all. [default: stdout]",
)  # fmt: skip
@click.pass_obj
def allowlist_(app: App, output: Path | None) -> None:
    """Write who may change what, as learned and approved, for the sensor's Zeek to enforce.

    Read it before it is put in force. Zeek takes it up while it runs; it judges only with
    OTDetect::allowlist_file and OTDetect::enforce_allowlist set.

    \b
    Example:  gaugeglass sensor allowlist -o /etc/zeek/ot-allowlist
    """
    found = approved(app)
    text = allowlist.text(found)
    if output is None:
        click.echo(text, nl=False)
    else:
        replace(output, text)
    app.say(f"{len(found)} entries")


@command.command(name="push")
@click.option("--empty", is_flag=True, help="Push it even where nothing may change anything.")
@_linked
@click.pass_obj
def push_(app: App, to: link.Address, empty: bool) -> None:
    """Replace the sensor's pushed allowlist by what was learned and approved, at once.

    Waits until every node of the sensor has taken it. It lasts until Zeek is started again: what
    is to last longer goes into the file (`gaugeglass sensor allowlist`). It judges only with
    OTDetect::enforce_allowlist set.

    \b
    Example:  gaugeglass sensor push --sensor 127.0.0.1:27759
    """
    found = approved(app)
    if not found and not empty:
        raise NothingToDo(
            f"{app.state}: nobody is known to change anything, and with an empty list every change"
            " is a notice; push it with --empty"
        )
    answers = ask.push(to, found)
    for one in answers:
        app.say(f"{to}: {one.node} took {one.taken} entries; {one.allowlist} in force")
    if not all(one.enforced for one in answers):
        app.say("they judge nothing yet: set OTDetect::enforce_allowlist = T there", "yellow")
    _all_answered(to, answers)


@command.command(name="status")
@_linked
@format_option
def status_(to: link.Address, fmt: str) -> None:
    """Ask the sensor how it does: packets, losses, malformed PDUs, tables, allowlist.

    Packets on the link, where the capture tells them, count what the interface saw. Capture loss
    is the share of TCP acknowledgements for data that never arrived here.

    \b
    Example:  gaugeglass sensor status --format json
    """
    answers = ask.status(to)
    measures = [row for one in answers for row in one.measures()]
    documents = [one.document() for one in answers]
    rows(measures, ("node", "measure", "value"), fmt, documents)
    _all_answered(to, answers)


@command.command(name="tail")
@click.option("--count", type=click.IntRange(min=1), help="Stop after so many notices.")
@_linked
@click.pass_obj
def tail_(app: App, to: link.Address, count: int | None) -> None:
    """Print the sensor's OT notices as they come, as JSON lines.

    A link that breaks is made again by itself; notices raised meanwhile stand in the sensor's
    notice.log only.

    \b
    Example:  gaugeglass sensor tail
    """

    def tell(notice: dict[str, Any]) -> None:
        sys.stdout.write(jsonl.line(notice) + "\n")
        sys.stdout.flush()

    tail(to, tell, app.say, count)


def _all_answered(to: link.Address, answers: list[ask.Taken] | list[ask.Health]) -> None:
    """Fail where a node is silent."""
    silent = ask.missing(answers)
    if silent > 0:
        names = ", ".join(one.node for one in answers)
        raise link.LinkError(
            f"{to}: {silent} nodes of the sensor did not answer within {to.timeout:g} s (only"
            f" {names}); is link.zeek loaded on every node?"
        )


def approved(app: App) -> list[allowlist.Entry]:
    """Who may change what, decisions included. Raises NothingToDo without a baseline."""
    site = Site(app.state, app.config)
    db = site.connect()
    learned = site.baseline()
    if learned is None:
        raise NothingToDo(f"{app.state}: no baseline here yet; run `gaugeglass learn` first")
    learned[0].register(db)
    manifest = Manifest(app.state)
    try:
        decisions.apply(db, manifest)
    finally:
        manifest.db.close()
    return allowlist.entries(db)


def replace(path: Path, text: str) -> None:
    """Write ``path`` in one step: the sensor may read it at any time."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
