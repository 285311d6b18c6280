"""tcpdump on the SPAN's monitor port, started before and stopped after all else."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from . import netns
from .node import die_with_parent

MAX_PACKETS = 400_000  # a runaway loop must not fill the disk


@contextlib.contextmanager
def capture(path: Path) -> Iterator[None]:
    """Capture to a file for as long as the context lasts."""
    command = [
        "ip",
        "netns",
        "exec",
        netns.FABRIC,
        "tcpdump",
        "-i",
        netns.MONITOR,
        "-n",
        "-U",
        "-s",
        "0",
        "-B",
        "8192",
        "-c",
        str(MAX_PACKETS),
        "--time-stamp-precision=micro",
        "-w",
        str(path),
    ]
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, preexec_fn=die_with_parent
    )
    try:
        deadline = time.time() + 10
        while time.time() < deadline and not path.exists():
            time.sleep(0.1)
        time.sleep(0.3)
        if process.poll() is not None:
            raise RuntimeError(
                f"tcpdump did not start: {process.stderr.read() if process.stderr else ''}"
            )
        yield
        time.sleep(0.5)
    finally:
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(5)
        process.kill()
