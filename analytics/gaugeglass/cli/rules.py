"""``gaugeglass rules``: the Suricata rules that come with Gaugeglass, and a sensor to put them on.

Nothing here talks to the monitored network, and a running Suricata is told only with ``--reload``.
"""

from __future__ import annotations

import shlex
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from gaugeglass.attack.table import UnknownTechnique, technique
from gaugeglass.cli.app import App
from gaugeglass.cli.show import format_option, rows
from gaugeglass.rules import archive, check, install, loading, midstream, settings, shipped, sids
from gaugeglass.rules.parse import SEVERITIES, Rule, read

_PATH = click.Path(path_type=Path)
_FOLDER = click.option("--rules", "folder", type=_PATH, help="Rules to use instead of the shipped.")
_SURICATA = click.option("--suricata", help="The Suricata program. [default: the one on PATH]")
_CONF = click.option(
    "--suricata-conf", "conf", type=click.Path(path_type=Path, dir_okay=False),
    help="The sensor's suricata.yaml. [default: /etc/suricata/suricata.yaml]",
)  # fmt: skip
DEFAULT_CONF = Path("/etc/suricata/suricata.yaml")


@click.group(name="rules")
def command() -> None:
    """Suricata rules for industrial protocols: list, check, build and install them.

    \b
    Example:  gaugeglass rules check
    """


@command.command(name="list")
@click.option("--technique", "wanted", help="Only rules that show this ATT&CK for ICS technique.")
@click.option("--protocol", help="Only rules of this protocol, as modbus.")
@click.option(
    "--severity", type=click.Choice(SEVERITIES, case_sensitive=False),
    help="Only rules of this severity.",
)  # fmt: skip
@_FOLDER
@format_option
def list_command(
    wanted: str | None, protocol: str | None, severity: str | None, folder: Path | None, fmt: str
) -> None:
    """List the rules: sid, text, operation, severity, techniques.

    A technique's sub-techniques are listed with it.

    \b
    Example:  gaugeglass rules list --technique T0836
    """
    if wanted is not None:
        try:
            wanted = technique(wanted.upper()).id
        except UnknownTechnique as error:
            raise click.BadParameter(str(error), param_hint="--technique") from error
    found = read(folder or shipped.folder())
    protocols = {r.ot_protocol for r in found if r.ot_protocol}
    if protocol is not None and protocol.lower() not in protocols:
        known = ", ".join(sorted(protocols))
        raise click.BadParameter(f"{protocol!r} is none of {known}", param_hint="--protocol")
    chosen = [
        rule
        for rule in found
        if (
            wanted is None
            or any(t == wanted or t.startswith(f"{wanted}.") for t in rule.techniques)
        )
        and (protocol is None or rule.ot_protocol == protocol.lower())
        and (severity is None or (rule.severity or "").lower() == severity.lower())
    ]
    columns = ("sid", "rule", "operation", "severity", "techniques")
    rows([_row(rule) for rule in chosen], columns, fmt)


def _row(rule: Rule) -> dict[str, Any]:
    return {
        "sid": rule.sid, "rev": rule.rev, "rule": rule.msg, "protocol": rule.ot_protocol,
        "operation": rule.operation, "severity": rule.severity,
        "confidence": rule.meta("confidence"), "techniques": list(rule.techniques),
        "file": rule.file.name,
    }  # fmt: skip


@command.command(name="check")
@_SURICATA
@_CONF
@click.option("--include", "includes", type=_PATH, multiple=True,
              help="Another yaml that Suricata is started with; may be repeated.")  # fmt: skip
@_FOLDER
@format_option
@click.pass_obj
def check_command(
    app: App, suricata: str | None, conf: Path | None, includes: tuple[Path, ...],
    folder: Path | None, fmt: str,
) -> None:  # fmt: skip
    """Say what keeps the rules from working on this sensor, and what to do.

    Reads suricata.yaml as Suricata takes it and lets Suricata load the rules (-T: it opens no
    interface). Without Suricata only the yaml is read. Exit code 1: some rules do not work.

    \b
    Example:  gaugeglass rules check --suricata-conf /etc/suricata/suricata.yaml
    """
    place = folder or shipped.folder()
    rules = read(place)
    conf = conf or DEFAULT_CONF
    if not conf.is_file():
        raise click.BadParameter(f"there is no {conf}", param_hint="--suricata-conf")
    program = suricata or shutil.which("suricata")
    fix = check.INCLUDE.format(overlay=place / "gaugeglass.yaml", conf=conf)
    remarks: list[check.Remark] = []
    if program is None:
        said = settings.of_file(conf, includes)
        remarks.append(check.Remark("warning", "suricata", "is not here: only the yaml was read",
                                    "name the program with --suricata"))  # fmt: skip
    else:
        version = ".".join(map(str, loading.version(program)))
        said = settings.of_suricata(program, conf, includes)
        remarks.append(check.Remark("ok", "suricata", f"is {version}"))
    parsers = list(check.parsers(said, rules, fix))
    remarks += [*parsers, *check.streams(said, fix), *check.outputs(said)]
    remarks += check.variables(said, rules)
    if program is not None:
        off = [r.subject for r in parsers if r.level == "error"]
        refused = loading.try_loading(program, conf, sorted(place.glob("*.rules")), includes)
        remarks += check.refused(refused, off)
        loaded = len(rules) - len(refused)
        remarks.append(check.Remark("ok", "loading", f"{loaded} of {len(rules)} rules load"))
    remarks += check.installed(said, rules)
    order = ("error", "warning", "ok")
    remarks.sort(key=lambda r: order.index(r.level))
    rows([asdict(r) for r in remarks], ("level", "subject", "what", "remedy"), fmt)
    errors = sum(r.level == "error" for r in remarks)
    if errors:
        app.say(f"{errors} things keep rules from working", "red")
        raise click.exceptions.Exit(1)


@command.command(name="build")
@click.option("-o", "--output", type=click.Path(path_type=Path, file_okay=False), required=True,
              help="Folder to write to.")  # fmt: skip
@click.option(
    "--base-url", help="Where the files will be served from. [default: the folder itself]"
)
@_FOLDER
@click.pass_obj
def build_command(app: App, output: Path, base_url: str | None, folder: Path | None) -> None:
    """Pack the rules for suricata-update: archive, checksums and a source index.

    The same rules always give the same bytes. The archive's SHA-256 goes to stdout.

    \b
    Example:  gaugeglass rules build -o dist --base-url https://mirror.example/rules
    """
    built = archive.build(folder or shipped.folder(), output, base_url)
    app.say(f"wrote {built.archive} ({built.files} rule files), its .md5 and .sha256")
    app.say(f"wrote {built.index}: SOURCE_INDEX_URL names it for suricata-update update-sources")
    click.echo(f"{built.sha256}  {built.archive}")


@command.command(name="install")
@_SURICATA
@_CONF
@click.option(
    "--data-dir", type=_PATH, help="suricata-update's folder. [default: /var/lib/suricata]"
)
@click.option("--output", type=_PATH, help="Folder for suricata.rules. [default: DATA-DIR/rules]")
@_FOLDER
@click.option("--tune/--no-tune", default=True, show_default=True,
              help="Switch off Suricata's own events that fire on healthy traffic.")  # fmt: skip
@click.option(
    "--reload", is_flag=True, help="Let suricata-update tell Suricata about the new rules."
)
@click.option("--dry-run", is_flag=True, help="Print the commands and do nothing.")
@click.pass_obj
def install_command(
    app: App, suricata: str | None, conf: Path | None, data_dir: Path | None, output: Path | None,
    folder: Path | None, tune: bool, reload: bool, dry_run: bool,
) -> None:  # fmt: skip
    """Install the rules through suricata-update; needs no network.

    They become one more source, which later runs of suricata-update keep. Sources that were there
    stay, ET Open too where it was used by default. The commands go to stdout.

    \b
    Example:  gaugeglass rules install --dry-run
    """
    program = suricata or shutil.which("suricata")
    sensor = install.Sensor(program, conf, data_dir, output)
    place = folder or shipped.folder()
    plan = install.plan(sensor, install.tool(), tune, reload)
    for line in plan.commands:
        click.echo(shlex.join(line))
    if dry_run:
        for note in plan.notes:
            app.say(note)
        app.say(f"nothing was done; the archive would stand in {sensor.store}")
        return
    install.lay(sensor, place)
    install.run(plan.commands)
    for note in plan.notes:
        app.say(note)
    count = install.outcome(sensor, read(place))
    app.say(f"{sensor.rules}: {count['enabled']} rules of ours, {count['others']} of others")
    overlay = sensor.store / "gaugeglass.yaml"
    if count["off"] or count["missing"]:
        app.say(
            f"{count['off']} of ours are commented out, as their parsers are off,"
            f" and {count['missing']} are missing: "
            + check.INCLUDE.format(overlay=overlay, conf=conf or DEFAULT_CONF)
            + ", then install again; gaugeglass rules check says more", "red",
        )  # fmt: skip
        raise click.exceptions.Exit(1)


@command.command(name="sids")
@click.option("--twins", is_flag=True, help="Write ot-midstream.rules instead.")
@_FOLDER
def sids_command(folder: Path | None, twins: bool) -> None:
    """Write the table of all rules (sids.md) to stdout.

    With --twins, the file of the second forms of rules, for sessions that were joined at a server's
    packet.

    \b
    Example:  gaugeglass rules sids > sids.md
    """
    found = read(folder or shipped.folder())
    click.echo(midstream.text(found) if twins else sids.table(found), nl=False)
