"""A real rsyslog on loopback ports, writing what it received as JSON lines."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

RSYSLOGD = shutil.which("rsyslogd", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
OPENSSL = shutil.which("openssl")
#: Whether rsyslogd can speak TLS, which is a package of its own (rsyslog-gnutls).
GNUTLS = any(Path("/usr").glob("lib*/**/rsyslog/lmnsd_gtls.so"))

_FIELDS = (
    "hostname", "app-name", "procid", "msgid", "structured-data", "msg", "pri-text", "inputname",
    "protocol-version", "timereported",
)  # fmt: skip
_STOCK = 'global(workDirectory="{dir}" net.enableDNS="off")\n'
_TLS = """module(load="imtcp")
input(type="imtcp" address="127.0.0.1" port="{port}" name="tls" ruleset="keep"
  streamdriver.name="gtls" streamdriver.mode="1" streamdriver.authmode="{auth}"
  streamdriver.cafile="{ca}" streamdriver.certfile="{cert}" streamdriver.keyfile="{key}")
"""
_PLAIN = """module(load="imudp")
module(load="imtcp")
input(type="imudp" address="127.0.0.1" port="{port}" name="udp" ruleset="keep")
input(type="imtcp" address="127.0.0.1" port="{port}" name="tcp" ruleset="keep")
"""


@dataclass
class Rsyslog:
    """A running instance. ``port`` takes UDP and TCP, or TLS."""

    port: int
    out: Path

    def got(self, count: int, seconds: float = 10) -> list[dict[str, str]]:
        """What arrived, once there are ``count`` messages or time is up."""
        end = time.monotonic() + seconds
        while True:
            lines = self.out.read_text().splitlines() if self.out.exists() else []
            if len(lines) >= count or time.monotonic() > end:
                return [json.loads(line) for line in lines]
            time.sleep(0.02)


def free_port() -> int:
    """A port that is free for UDP and TCP."""
    with closing(socket.socket()) as tcp, closing(socket.socket(type=socket.SOCK_DGRAM)) as udp:
        tcp.bind(("127.0.0.1", 0))
        udp.bind(tcp.getsockname())
        return int(tcp.getsockname()[1])


@contextmanager
def rsyslog(
    folder: Path, tls: dict[str, Path] | None = None, auth: str = "anon", port: int = 0
) -> Iterator[Rsyslog]:
    """Start an instance in ``folder`` and stop it afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    port, out, config = port or free_port(), folder / "got.jsonl", folder / "rsyslog.conf"
    fields = ' constant(value=",")\n'.join(
        f' property(name="{f}" outname="{f}" format="jsonf")' for f in _FIELDS
    )
    inputs = _TLS.format(port=port, auth=auth, **tls) if tls else _PLAIN.format(port=port)
    config.write_text(
        _STOCK.format(dir=folder)
        + 'template(name="json" type="list") { constant(value="{")\n'
        + fields
        + ' constant(value="}\\n") }\n'
        + f'ruleset(name="keep") {{ action(type="omfile" file="{out}" template="json") }}\n'
        + inputs
    )
    assert RSYSLOGD
    with (folder / "log").open("w") as log:
        daemon = subprocess.Popen(
            [RSYSLOGD, "-n", "-f", str(config), "-i", str(folder / "pid")], stdout=log, stderr=log
        )
        try:
            _wait(daemon, port, folder / "log")
            yield Rsyslog(port, out)
        finally:
            daemon.terminate()
            daemon.wait(10)


def _wait(daemon: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _ in range(500):
        assert daemon.poll() is None, log.read_text()
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError(f"rsyslogd does not listen: {log.read_text()}")


def authority(folder: Path, name: str = "localhost") -> dict[str, Path]:
    """A throw-away CA and a certificate for ``name`` signed by it: ca, cert, key."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = {k: folder / f"{k}.pem" for k in ("ca", "cakey", "cert", "key", "csr", "ext")}
    paths["ext"].write_text(f"subjectAltName=DNS:{name}\nextendedKeyUsage=serverAuth,clientAuth\n")

    def openssl(*words: object) -> None:
        run = [OPENSSL or "openssl", *map(str, words)]
        subprocess.run(run, check=True, capture_output=True)

    new = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    openssl("req", "-x509", *new, "-keyout", paths["cakey"], "-out", paths["ca"], "-days", 2,
            "-subj", "/CN=throw-away")  # fmt: skip
    openssl("req", *new, "-keyout", paths["key"], "-out", paths["csr"], "-subj", f"/CN={name}")
    by = ("-CA", paths["ca"], "-CAkey", paths["cakey"], "-CAcreateserial")
    openssl("x509", "-req", "-in", paths["csr"], *by, "-out", paths["cert"], "-days", 2,
            "-extfile", paths["ext"])  # fmt: skip
    return {k: paths[k] for k in ("ca", "cert", "key")}
