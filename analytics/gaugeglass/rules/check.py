"""What keeps the rules from working on a sensor, in plain words, and what to do about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from gaugeglass.rules.loading import Refused
from gaugeglass.rules.parse import OURS, Rule, read_file
from gaugeglass.rules.settings import Settings, eve_logs, is_on

#: What a rule's protocol is called in suricata.yaml where the two differ.
_YAML_NAMES = {"dns": "dns.udp", "ftp-data": "ftp", "http1": "http", "nfs3": "nfs"}

#: Transports and layers: nothing in the yaml turns them off.
_LAYERS = frozenset({"tcp", "udp", "ip", "icmp", "tcp-pkt", "tcp-stream", "pkthdr", "arp", "ether"})

#: Parsers that are off unless the yaml turns them on.
_OFF_BY_DEFAULT = frozenset({"modbus", "dnp3", "enip"})

INCLUDE = "add `include: [{overlay}]` to {conf}, or start Suricata with --include {overlay}"


@dataclass(frozen=True)
class Remark:
    """One thing: ``error`` (rules do not work), ``warning`` (less is seen) or ``ok``."""

    level: str
    subject: str
    what: str
    remedy: str = ""


def parsers(settings: Settings, rules: Iterable[Rule], fix: str) -> Iterator[Remark]:
    """Application-layer parsers that rules need, on or off."""
    counts = Counter(r.protocol for r in rules if r.protocol not in _LAYERS)
    for protocol, n in sorted(counts.items()):
        name = _YAML_NAMES.get(protocol, protocol)
        key = f"app-layer.protocols.{name}.enabled"
        if is_on(settings, key, default=protocol not in _OFF_BY_DEFAULT):
            yield Remark("ok", protocol, f"the parser is on; {n} rules need it")
        else:
            yield Remark(
                "error", protocol,
                f"the parser is off: {n} rules do not load (suricata-update comments them out)",
                f"set {key}: yes, or {fix}",
            )  # fmt: skip


def streams(settings: Settings, fix: str) -> Iterator[Remark]:
    """Whether long sessions are followed."""
    for key, lost in (
        ("stream.midstream", "sessions that were open when the sensor started are not seen"),
        ("stream.async-oneside", "sessions of which the tap sees one direction are not seen"),
    ):
        if is_on(settings, key):
            yield Remark("ok", key, "is on")
        else:
            yield Remark("warning", key, f"is off: {lost}", f"set {key}: true, or {fix}")
    depth = settings.get("stream.reassembly.depth", "1mb").strip()
    if depth.split()[0] in ("0", "0mb", "0kb"):
        yield Remark("ok", "stream.reassembly.depth", "is unlimited")
    else:
        yield Remark(
            "warning", "stream.reassembly.depth",
            f"is {depth}: what a control session says after that is not inspected",
            f"set stream.reassembly.depth: 0, or {fix}",
        )  # fmt: skip


def outputs(settings: Settings) -> Iterator[Remark]:
    """Whether alerts reach EVE with what Gaugeglass needs of them."""
    logs = eve_logs(settings)
    if not logs:
        yield Remark("error", "eve-log", "no EVE output is on: this sensor tells nothing",
                     "turn on outputs: - eve-log: enabled: yes")  # fmt: skip
    for prefix in logs:
        types = [v for k, v in settings.items() if k.startswith(f"{prefix}.types.")]
        named = {k.split(".")[4] for k in settings if k.startswith(f"{prefix}.types.")
                 and len(k.split(".")) > 4}  # fmt: skip
        if "alert" not in types and "alert" not in named:
            yield Remark("error", prefix, "does not write alerts", "add `- alert` to its types")
            continue
        if not is_on(settings, f"{prefix}.community-id"):
            yield Remark(
                "warning", prefix, "community-id is off: Zeek's rows and these alerts do not join",
                f"set {prefix}.community-id: true",
            )  # fmt: skip
        silent = [k for k in settings if k.startswith(f"{prefix}.types.")
                  and k.endswith((".alert.metadata", ".alert.metadata.rule.metadata"))
                  and not is_on(settings, k)]  # fmt: skip
        for key in silent:
            yield Remark("error", prefix, f"{key} is off: alerts carry no ATT&CK technique",
                         f"set {key}: yes")  # fmt: skip
        if not silent:
            yield Remark("ok", prefix, "writes alerts with the rules' metadata")


def variables(settings: Settings, rules: Iterable[Rule]) -> Iterator[Remark]:
    """Address and port variables that rules use and the yaml does not have."""
    wanted: Counter[str] = Counter()
    for rule in rules:
        for part in (rule.source, rule.source_ports, rule.target, rule.target_ports):
            wanted.update(w.strip("$") for w in part.strip("[]!").replace(",", " ").split()
                          if w.startswith("$"))  # fmt: skip
    for name, n in sorted(wanted.items()):
        if not {f"vars.address-groups.{name}", f"vars.port-groups.{name}"} & set(settings):
            yield Remark("error", f"${name}", f"is not defined, and {n} rules use it",
                         f"define {name} under vars, as Suricata's own yaml does")  # fmt: skip


def refused(found: Iterable[Refused], off: Iterable[str]) -> Iterator[Remark]:
    """Rules that a real Suricata did not load, each with its reason and the remedy."""
    without = set(off)
    for one in found:
        rule = one.rule
        subject = f"sid {rule.sid}" if rule else "a rule"
        what = f"did not load: {one.reason or one.text[:120]}"
        if rule and rule.protocol in without:
            remedy = f"turn on the parser of {rule.protocol}"
        elif "unknown rule keyword" in one.reason:
            remedy = "this Suricata is older than the rule asks for; 7.0 is the oldest supported"
        elif "is not defined" in one.reason:
            remedy = "define the variable under vars in suricata.yaml"
        else:
            remedy = "report it, with Suricata's version" if _ours(rule) else "correct the rule"
        yield Remark("error", subject, what, remedy)


def _ours(rule: Rule | None) -> bool:
    return rule is not None and rule.sid in OURS


def installed(settings: Settings, rules: Sequence[Rule]) -> Iterator[Remark]:
    """Whether the rules are among those that the sensor loads at its start."""
    folder = Path(settings.get("default-rule-path", "/var/lib/suricata/rules"))
    names = [v for k, v in settings.items() if k.startswith("rule-files.")]
    on: set[int] = set()
    off: set[int] = set()
    for name in names:
        for path in (
            folder.parent.glob(f"{folder.name}/{name}") if name[:1] != "/" else [Path(name)]
        ):
            if path.is_file():
                for rule in read_file(path):
                    (on if rule.enabled else off).add(rule.sid)
    wanted = {rule.sid for rule in rules}
    place = f"{folder}/{', '.join(names)}"
    have = len(wanted & on)
    if have == len(wanted):
        yield Remark("ok", "installed", f"all {have} rules are in {place}")
    elif wanted & off:
        yield Remark("error", "installed",
                     f"{len(wanted & off)} of {len(wanted)} rules are commented out in {place}",
                     "turn on the parsers named here, then install again")  # fmt: skip
    else:
        yield Remark("warning", "installed", f"{have} of {len(wanted)} rules are in {place}",
                     "gaugeglass rules install")  # fmt: skip


def _matching(folder: Path, name: str) -> list[Path]:
    """Files that an entry of ``rule-files`` names: a path, or a pattern within ``folder``."""
    found = [Path(name)] if name.startswith("/") else sorted(folder.glob(name))
    return [path for path in found if path.is_file()]
