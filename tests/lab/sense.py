"""Real sensors over a capture: Zeek and Suricata write the logs, packed with gzip.

Zeek runs without the capture's checksum check (a lab's NICs would not have any)
and with community ids, so its rows join with Suricata's. Suricata gets a
configuration of its own that turns the industrial parsers on, since the stock
one leaves them off.
"""

from __future__ import annotations

import gzip
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

DEFAULT_SCRIPT = "icsnpp-all"
ALWAYS = ("policy/protocols/conn/community-id-logging", "policy/protocols/conn/mac-logging")
TIME_LIMIT_SECONDS = 900
WALL_CLOCK, NOMINAL = re.compile(rb"^(#open|#close)\t[0-9-]+"), b"2026-11-22-00-00-00"
# Zeek's own diaries: about the sensor and its machine, not about the plant.
NOT_PLANT = {
    "loaded_scripts",
    "stats",
    "packet_filter",
    "capture_loss",
    "reporter",
    "telemetry",
    "cluster",
    "broker",
    "analyzer_debug",
}
# No anomaly records: Suricata 7.0 calls every Modbus register read a value mismatch.
EVE_TYPES = (
    "http",
    "dns",
    "tls",
    "tftp",
    "ssh",
    "smb",
    "rdp",
    "rfb",
    "mqtt",
    "dhcp",
    "modbus",
    "dnp3",
    "snmp",
    "ftp",
    "krb5",
    "flow",
)

SURICATA = """\
%YAML 1.1
---
vars:
  address-groups:
    HOME_NET: "[10.20.0.0/16]"
    EXTERNAL_NET: "!$HOME_NET"
    MODBUS_CLIENT: "$HOME_NET"
    MODBUS_SERVER: "$HOME_NET"
    DNP3_CLIENT: "$HOME_NET"
    DNP3_SERVER: "$HOME_NET"
    ENIP_CLIENT: "$HOME_NET"
    ENIP_SERVER: "$HOME_NET"
    HTTP_SERVERS: "$HOME_NET"
    TELNET_SERVERS: "$HOME_NET"
  port-groups:
    MODBUS_PORTS: 502
    DNP3_PORTS: 20000
    HTTP_PORTS: "80"
stats:
  enabled: no
outputs:
  - eve-log:
      enabled: yes
      filetype: regular
      filename: eve.json
      community-id: true
      community-id-seed: 0
      ethernet: yes
      types:
        - alert
{types}
app-layer:
  protocols:
    modbus:
      enabled: yes
      detection-ports: {{dp: 502}}
      stream-depth: 0
    dnp3:
      enabled: yes
      detection-ports: {{dp: 20000}}
    enip:
      enabled: yes
      detection-ports: {{dp: 44818, sp: 44818}}
    http: {{enabled: yes}}
    tls: {{enabled: yes, detection-ports: {{dp: 443}}}}
    dns:
      tcp: {{enabled: yes, detection-ports: {{dp: 53}}}}
      udp: {{enabled: yes, detection-ports: {{dp: 53}}}}
    ssh: {{enabled: yes}}
    mqtt: {{enabled: yes}}
    rdp: {{enabled: yes}}
    rfb: {{enabled: yes, detection-ports: {{dp: "5900"}}}}
    tftp: {{enabled: yes}}
    ntp: {{enabled: yes}}
    dhcp: {{enabled: yes}}
    snmp: {{enabled: yes}}
    smb: {{enabled: yes, detection-ports: {{dp: "139, 445"}}}}
    ftp: {{enabled: yes}}
    telnet: {{enabled: yes}}
    krb5: {{enabled: yes}}
stream:
  midstream: true
  async-oneside: true
  reassembly:
    depth: 0
  checksum-validation: no
flow:
  memcap: 128mb
defrag:
  memcap: 32mb
default-rule-path: {rules}
rule-files: []
classification-file: {rules}/classification.config
reference-config-file: {rules}/reference.config
"""


def _run(command: list[str], work: Path) -> None:
    result = subprocess.run(
        command, cwd=work, capture_output=True, text=True, check=False, timeout=TIME_LIMIT_SECONDS
    )
    if result.returncode:
        raise RuntimeError(f"{command[0]}: exit {result.returncode}: {result.stderr[-2000:]}")


def loads(script: str) -> bool:
    """Whether Zeek finds and parses a script."""
    command = ["zeek", "--parse-only", script]
    return subprocess.run(command, capture_output=True, check=False, timeout=120).returncode == 0


def pack(source: Path, target: Path) -> int:
    """Compress reproducibly: neither a file name nor a time of making inside."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with (
        source.open("rb") as plain,
        target.open("wb") as raw,
        gzip.GzipFile(filename="", fileobj=raw, mode="wb", compresslevel=9, mtime=0) as packed,
    ):
        for line in plain:
            # Zeek heads and ends its logs with the wall clock.
            packed.write(WALL_CLOCK.sub(rb"\1\t" + NOMINAL, line))
    return target.stat().st_size


def zeek(pcap: Path, out: Path, scripts: list[str]) -> int:
    """Run Zeek; its TSV logs go to out/zeek/."""
    if not shutil.which("zeek"):
        print("zeek is not installed: no Zeek logs", file=sys.stderr)
        return 0
    if not scripts:
        scripts = [DEFAULT_SCRIPT] if loads(DEFAULT_SCRIPT) else []
    found = [str(Path(name).resolve()) if Path(name).exists() else name for name in scripts]
    with tempfile.TemporaryDirectory() as directory:
        work = Path(directory)
        # Deterministic (-D), so that the same capture gives the same uids.
        _run(["zeek", "-C", "-D", "-r", str(pcap.resolve()), *ALWAYS, *found], work)
        logs = [log for log in sorted(work.glob("*.log")) if log.stem not in NOT_PLANT]
        return sum(pack(log, out / "zeek" / f"{log.name}.gz") for log in logs)


def suricata(pcap: Path, out: Path) -> int:
    """Run Suricata; eve.json goes to out/suricata/."""
    if not shutil.which("suricata"):
        print("suricata is not installed: no EVE", file=sys.stderr)
        return 0
    with tempfile.TemporaryDirectory() as directory:
        work = Path(directory)
        for name in ("classification.config", "reference.config"):
            (work / name).write_text("")
        types = "\n".join(f"        - {kind}:\n            extended: yes" for kind in EVE_TYPES)
        (work / "lab.yaml").write_text(SURICATA.format(types=types, rules=work))
        _run(
            [
                "suricata",
                "-c",
                str(work / "lab.yaml"),
                "-r",
                str(pcap.resolve()),
                "-l",
                directory,
                "-k",
                "none",
                "--runmode",
                "single",
            ],
            work,
        )
        return pack(work / "eve.json", out / "suricata" / "eve.json.gz")


def sense(pcap: Path, out: Path, zeek_script: list[str], skip: str | None = None) -> None:
    """Let both sensors read the capture, and keep the labels beside their logs."""
    out.mkdir(parents=True, exist_ok=True)
    size = 0
    if skip != "zeek":
        size += zeek(pcap, out, zeek_script)
    if skip != "suricata":
        size += suricata(pcap, out)
    for name in ("labels.csv", "phases.json"):
        if (source := pcap.with_name(name)).exists() and source.parent != out:
            shutil.copyfile(source, out / name)
    print(f"{size / 1e6:.2f} MB of packed logs in {out}", file=sys.stderr)
