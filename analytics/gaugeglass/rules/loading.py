"""Which rules a real Suricata does not load, and what it says about each.

``suricata -T`` reads configuration and rules and ends; it opens no interface.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gaugeglass.errors import Told
from gaugeglass.rules.parse import Rule, parse

#: A loaded set takes seconds; a minute or two on a small sensor.
TIMEOUT = 600

_FAILED = re.compile(r'error parsing signature "(?P<rule>.*)" from file (?P<file>\S+) at line \d+')
_LEAD = re.compile(r"^.* -- |^(?:E|Error): [\w-]+: ")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class SuricataError(Told, RuntimeError):
    """Suricata cannot be run, or refuses its configuration; the message is its own."""


@dataclass(frozen=True)
class Refused:
    """A rule that did not load, and Suricata's reason."""

    rule: Rule | None
    text: str
    reason: str


def failures(said: str) -> list[Refused]:
    """The rules that Suricata's messages call faulty, with the message before as the reason."""
    found: list[Refused] = []
    reason = ""
    for raw in said.splitlines():
        line = _COLOUR.sub("", raw).strip()
        match = _FAILED.search(line)
        if match is None:
            if line:
                reason = _LEAD.sub("", line)
            continue
        text = match["rule"]
        found.append(Refused(parse(text, Path(match["file"]), 0), text, reason))
        reason = ""
    return list(dict.fromkeys(found))


def version(suricata: str) -> tuple[int, int, int]:
    """``(7, 0, 10)``. Raises :class:`SuricataError` where that program is no Suricata."""
    try:
        done = subprocess.run([suricata, "-V"], capture_output=True, text=True, check=False)
    except OSError as error:
        raise SuricataError(f"{suricata} cannot be run: {error}") from error
    match = re.search(r"Suricata version (\d+)\.(\d+)\.(\d+)", done.stdout)
    if match is None:
        raise SuricataError(f"{suricata} -V does not say that it is Suricata")
    return int(match[1]), int(match[2]), int(match[3])


def try_loading(
    suricata: str, conf: Path, files: Iterable[Path], includes: Sequence[Path] = ()
) -> list[Refused]:
    """The rules of these files that this Suricata, so configured, does not load.

    :raises SuricataError: it cannot be run, or refuses its configuration
    """
    with tempfile.TemporaryDirectory(prefix="gaugeglass-rules-") as name:
        rules = Path(name) / "all.rules"
        rules.write_text("".join(f"{f.read_text('utf-8')}\n" for f in files), encoding="utf-8")
        more = [part for path in includes for part in ("--include", str(path.resolve()))]
        line = [suricata, "-T", "-c", str(conf), *more, "-S", str(rules), "-l", name]
        try:
            done = subprocess.run(
                line, capture_output=True, text=True, errors="replace", check=False,
                timeout=TIMEOUT,
            )  # fmt: skip
        except (OSError, subprocess.TimeoutExpired) as error:
            raise SuricataError(f"{' '.join(line[:4])}: {error}") from error
        # A yaml may send messages to the log only
        log = Path(name) / "suricata.log"
        said = done.stderr + done.stdout
        said += log.read_text("utf-8", errors="replace") if log.exists() else ""
    refused = failures(said)
    if done.returncode and not refused:
        raise SuricataError(f"{suricata} -T refuses {conf}: {said.strip()[-500:]}")
    return refused
