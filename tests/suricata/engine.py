"""Real Suricata over many captures: the rules load once, each capture starts from nothing.

One process is fed by its command socket (``pcap-file``). Between two captures Suricata frees its
flows and hosts and keeps the rules. Suricata 8.0 also keeps its thresholds, which live in packet
time; so each capture is laid a day after the one before (:mod:`.clock`). ``test_engine.py`` proves
that nothing leaks from one to the next.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gaugeglass.rules.loading import failures

from .clock import Clock

ROOT = Path(__file__).parents[2]
RULES = ROOT / "suricata-rules"
OVERLAY = RULES / "gaugeglass.yaml"
LATE = 1_500_000_000  # seconds of packet time
READY = 120  # seconds until the rules must be loaded

#: Tables for a capture of some packets: Suricata makes them anew each time. Chunks of a stream are
#: of one size instead of a random one, so that a case always gives the same counts.
SMALL = (
    "flow.prealloc=100", "flow.hash-size=1024", "defrag.prealloc=no", "defrag.hash-size=256",
    "defrag.trackers=256", "host.prealloc=10", "host.hash-size=256", "max-pending-packets=64",
    "stream.prealloc-sessions=16", "stream.reassembly.segment-prealloc=64",
    "stream.reassembly.randomize-chunk-size=no",
)  # fmt: skip
NAMES = ("suricata", "suricata8")


class EngineError(RuntimeError):
    """Suricata did not start, did not load a rule, or died; says what it said."""


def installed() -> list[str]:
    """Paths of the Suricatas to test: ``GAUGEGLASS_SURICATA`` (``:`` between) or those on PATH."""
    names = os.environ.get("GAUGEGLASS_SURICATA")
    wanted = names.split(":") if names else NAMES
    found = [shutil.which(name) for name in wanted if name]
    if names and None in found:
        raise EngineError(f"GAUGEGLASS_SURICATA={names}: not all of these can be run")
    return [path for path in found if path and (names or sees_checkout(path))]


def sees_checkout(suricata: str) -> bool:
    """Whether it can read our files: one in a container or a jail may not."""
    asked = [suricata, "--dump-config", "-c", str(OVERLAY)]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


def version(suricata: str) -> str:
    """``7.0.10`` of ``This is Suricata version 7.0.10 RELEASE``."""
    said = subprocess.run([suricata, "-V"], capture_output=True, text=True, check=False).stdout
    match = re.search(r"version (\d+\.\d+\.\d+)", said)
    if not match:
        raise EngineError(f"{suricata} -V says {said!r}")
    return match[1]


def rule_files(folder: Path = RULES) -> list[Path]:
    return sorted(folder.glob("*.rules"))


def joined(files: Iterable[Path], target: Path) -> Path:
    """All rules as one file, since ``-S`` takes one."""
    target.write_text("".join(f.read_text(encoding="utf-8") + "\n" for f in files), "utf-8")
    return target


def stock_yaml(suricata: str) -> Path | None:
    """The yaml that came with a Suricata, where it is not ``/etc/suricata/suricata.yaml``."""
    beside = os.environ.get(f"{Path(suricata).name.upper()}_YAML")
    return Path(beside) if beside else None


def command(suricata: str, rules: Path, log: Path, *more: str) -> list[str]:
    """The command line with the stock yaml, our overlay and only these rules."""
    yaml = stock_yaml(suricata)
    return [
        suricata,
        *(["-c", str(yaml)] if yaml else []),
        "--include",
        str(OVERLAY),
        # one thread: packets of several flows keep the order of their times
        *("-S", str(rules), "-l", str(log), "-k", "none", "--runmode", "single"),
        *more,
    ]


def load_errors(said: str) -> list[str]:
    """Rules that did not load, by sid with Suricata's reason; other errors as they are."""
    refused = failures(said)
    if refused:
        return [f"sid {r.rule.sid if r.rule else '?'}: {r.reason or r.text[:120]}" for r in refused]
    lines = [re.sub(r"\x1b\[[0-9;]*m", "", line).strip() for line in said.splitlines()]
    return [line for line in lines if re.match(r"(E|Error)\b", line)]


@dataclass
class Outcome:
    """What one capture made: alerts by sid, with their text, and the events themselves."""

    alerts: dict[int, int] = field(default_factory=dict)
    texts: dict[int, str] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    shift: int = 0  # seconds that the capture was moved by: later than it was made


def read_eve(path: Path) -> Outcome:
    outcome = Outcome()
    if not path.exists():
        return outcome
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        event = json.loads(line)
        if event.get("event_type") != "alert":
            continue
        alert = event["alert"]
        sid = alert["signature_id"]
        outcome.alerts[sid] = outcome.alerts.get(sid, 0) + 1
        outcome.texts[sid] = alert["signature"]
        outcome.events.append(event)
    return outcome


class Engine:
    """A running Suricata that reads captures when asked."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Path, sock: Path) -> None:
        self._process, self._folder, self._path = process, folder, sock
        self._socket: socket.socket | None = None
        self._stream: Any = None
        self._clock = Clock()
        self.number = 0
        self.errors: list[str] = []

    @property
    def late(self) -> bool:
        """Whether another capture of some years could pass the end of Suricata's time, 2038."""
        return self._clock.now > LATE

    def said(self) -> str:
        return (self._folder / "console").read_text(encoding="utf-8", errors="replace")

    def connect(self) -> None:
        end = time.monotonic() + READY
        while time.monotonic() < end:
            if self._process.poll() is not None:
                raise EngineError(f"Suricata ended:\n{self.said()}")
            with suppress(OSError):
                self._socket = socket.socket(socket.AF_UNIX)
                self._socket.connect(str(self._path))
                self._stream = self._socket.makefile("rb")
                self._send({"version": "0.2"})
                return
            self._socket = None
            time.sleep(0.02)
        raise EngineError(f"Suricata did not open its socket:\n{self.said()}")

    def _send(self, message: dict[str, Any]) -> Any:
        assert self._socket is not None
        self._socket.sendall(json.dumps(message).encode() + b"\n")
        line = self._stream.readline()
        if not line:
            raise EngineError(f"Suricata closed its socket:\n{self.said()}")
        answer = json.loads(line)
        if answer.get("return") != "OK":
            raise EngineError(f"{message}: {answer}")
        return answer.get("message")

    def run(self, captures: Iterable[Path]) -> Iterator[tuple[Path, Outcome]]:
        """Each capture with what it made, in the order given."""
        queued = []
        for capture in captures:
            self.number += 1
            out = self._folder / f"{self.number}"
            out.mkdir()
            laid = out / "input.pcap"
            laid.write_bytes(self._clock.lay(capture.read_bytes()))
            arguments = {"filename": str(laid), "output-dir": str(out)}
            self._send({"command": "pcap-file", "arguments": arguments})
            queued.append((capture, out, self._clock.shift))
        while True:
            # asking wakes Suricata, which else sleeps between two captures
            waiting = self._send({"command": "pcap-file-number"})
            current = self._send({"command": "pcap-current"})
            if not waiting and current in ("None", None):
                break
            time.sleep(0.002)
        for capture, out, shift in queued:
            outcome = read_eve(out / "eve.json")
            outcome.shift = shift
            yield capture, outcome
            shutil.rmtree(out, ignore_errors=True)

    def close(self) -> None:
        with suppress(EngineError, OSError, AssertionError):
            self._send({"command": "shutdown"})
        if self._socket:
            self._stream.close()
            self._socket.close()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@contextmanager
def engine(
    suricata: str, rules: Iterable[Path] | None = None, lenient: bool = False
) -> Iterator[Engine]:
    """A Suricata with all our rules (or these files), up and loaded.

    :param lenient: rules that fail to load are left in ``errors``; otherwise they raise
    """
    with tempfile.TemporaryDirectory(prefix="suri-") as name:
        folder = Path(name)
        text = joined(rule_files() if rules is None else rules, folder / "all.rules")
        sock = folder / "s"
        small = [part for setting in SMALL for part in ("--set", setting)]
        line = command(suricata, text, folder, f"--unix-socket={sock}", *small)
        with (folder / "console").open("wb") as console:
            process = subprocess.Popen(line, stdout=console, stderr=console)
        running = Engine(process, folder, sock)
        try:
            running.connect()
            running.errors = load_errors(running.said())
            if running.errors and not lenient:
                raise EngineError("\n".join(running.errors))
            yield running
        finally:
            running.close()
