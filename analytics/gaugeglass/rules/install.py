"""Installing through suricata-update: the rules as one more source, which later updates keep.

suricata-update is a program of its own, run as a subprocess. Its traps, and what is done here:

- without any source it loads ET Open; with the first source added, ET Open silently goes. Where
  the sensor used it that way, it is made a source of its own first;
- a local folder or ``--url`` lasts for one run: the next nightly one would drop the rules. So an
  archive is laid in its data folder and registered as a source with a ``file:`` URL, which needs
  no network;
- a ``--disable-conf`` replaces the sensor's own, so ours is appended to a copy of that;
- it comments out rules of parsers that are off and calls that success: the outcome is read back.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from gaugeglass.errors import Told
from gaugeglass.rules import archive
from gaugeglass.rules.parse import OURS, Rule, read_file

NAME = "gaugeglass"
_CONF = Path("/etc/suricata")
_ET_OPEN = "et/open"


class InstallError(Told, RuntimeError):
    """suricata-update is missing, or failed; says what it said."""


@dataclass(frozen=True)
class Sensor:
    """The Suricata to install for; None means what suricata-update finds by itself."""

    suricata: str | None = None
    conf: Path | None = None
    data: Path | None = None
    output: Path | None = None

    @property
    def update_yaml(self) -> dict[str, Any]:
        """suricata-update's own configuration."""
        path = _CONF / "update.yaml"
        said = yaml.safe_load(path.read_text("utf-8")) if path.is_file() else None
        return said if isinstance(said, dict) else {}

    @property
    def folder(self) -> Path:
        """suricata-update's data folder."""
        given = os.environ.get("DATA_DIRECTORY") or self.update_yaml.get("data-directory")
        return self.data or Path(given or "/var/lib/suricata")

    @property
    def rules(self) -> Path:
        """The file that it writes for Suricata to load."""
        given = self.output or self.update_yaml.get("output")
        return (Path(given) if given else self.folder / "rules") / "suricata.rules"

    @property
    def store(self) -> Path:
        """Where the archive, overlay and disable.conf are kept."""
        return self.folder / "update" / NAME


@dataclass
class Plan:
    """What will be done, in order: commands of suricata-update, and what to say about them."""

    commands: list[list[str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def tool() -> str:
    """The path of suricata-update: of this Python's environment, or on PATH.

    :raises InstallError: it is in neither
    """
    beside = Path(sys.executable).with_name("suricata-update")
    found = str(beside) if beside.is_file() else shutil.which("suricata-update")
    if found is None:
        raise InstallError("suricata-update is not installed: pip install suricata-update")
    return found


def plan(sensor: Sensor, program: str, tune: bool = True, reload: bool = False) -> Plan:
    """The commands that install the rules on this sensor; nothing is run or written."""
    found = Plan()
    sources = sensor.folder / "update" / "sources"
    base = ["-D", str(sensor.folder)]
    if sensor.suricata:
        base += ["--suricata", sensor.suricata]
    if sensor.conf:
        base += ["--suricata-conf", str(sensor.conf)]
    enabled = sorted(p.stem for p in sources.glob("*.yaml") if p.stem != NAME)
    others = [*enabled, *map(str, sensor.update_yaml.get("sources") or [])]
    if others:
        found.notes.append(f"kept sources: {', '.join(others)}")
    elif _uses_et_open(sensor):
        found.commands.append([program, "enable-source", _ET_OPEN, *base])
        found.notes.append("ET Open was in use by default; it becomes a source and is kept")
    url = archive.source_url(sensor.store / archive.NAME)
    known, off = sources / f"{NAME}.yaml", sources / f"{NAME}.yaml.disabled"
    if off.is_file() or (known.is_file() and yaml.safe_load(known.read_text()).get("url") != url):
        found.commands.append([program, "remove-source", NAME, *base])
    if not known.is_file() or found.commands[-1:] == [[program, "remove-source", NAME, *base]]:
        found.commands.append([program, "add-source", NAME, url, *base])
    update = [program, "update", *base, "--now"]
    if sensor.output:
        update += ["-o", str(sensor.output)]
    if tune:
        own = _own_disable_conf(sensor)
        update += ["--disable-conf", str(sensor.store / "disable.conf")]
        where = own or _CONF / "disable.conf"
        found.notes.append(
            f"Suricata's own events that fire on healthy traffic are off in this run; for later"
            f" runs: cat {sensor.store / 'gaugeglass-disable.conf'} >> {where}"
        )
    if not reload:
        update.append("--no-reload")
        found.notes.append(
            "Suricata keeps its old rules until it is told: suricatasc -c reload-rules"
        )
    found.commands.append(update)
    return found


def _uses_et_open(sensor: Sensor) -> bool:
    """Whether the rules there now came from ET Open without its being a source."""
    cache = sensor.folder / "update" / "cache"
    if any(cache.glob("*-emerging.rules.tar.gz")):
        return True
    if not sensor.rules.is_file():
        return False
    return any(2_000_000 <= rule.sid < 2_100_000 for rule in read_file(sensor.rules))


def _own_disable_conf(sensor: Sensor) -> Path | None:
    given = sensor.update_yaml.get("disable-conf")
    own = Path(given) if given else _CONF / "disable.conf"
    return own if own.is_file() else None


def lay(sensor: Sensor, rules: Path) -> archive.Built:
    """Write the archive, the overlay and both disable.conf into the sensor's data folder."""
    built = archive.build(rules, sensor.store)
    shutil.copyfile(rules / "gaugeglass.yaml", sensor.store / "gaugeglass.yaml")
    ours = (rules / "disable.conf").read_text(encoding="utf-8")
    own = _own_disable_conf(sensor)
    theirs = own.read_text(encoding="utf-8") + "\n" if own else ""
    (sensor.store / "gaugeglass-disable.conf").write_text(ours, encoding="utf-8")
    (sensor.store / "disable.conf").write_text(theirs + ours, encoding="utf-8")
    return built


def run(commands: list[list[str]]) -> None:
    """Run the commands; their messages go to stderr.

    :raises InstallError: one failed
    """
    for line in commands:
        # suricata-update logs to stdout where that is what there is
        done = subprocess.run(line, stdout=sys.stderr.fileno(), check=False)
        if done.returncode:
            raise InstallError(
                f"{' '.join(line[:2])} failed with exit code {done.returncode}; if it was the test"
                " of the rules by Suricata, gaugeglass rules check says which and why"
            )


def outcome(sensor: Sensor, rules: list[Rule]) -> Counter[str]:
    """How many of the rules the written file has: ``enabled``, ``off``, ``missing``, ``others``."""
    there = {r.sid: r.enabled for r in read_file(sensor.rules)} if sensor.rules.is_file() else {}
    count = Counter({"enabled": 0, "off": 0, "missing": 0, "others": 0})
    for rule in rules:
        state = there.get(rule.sid)
        count["missing" if state is None else "enabled" if state else "off"] += 1
    count["others"] = sum(on for sid, on in there.items() if sid not in OURS)
    return count
