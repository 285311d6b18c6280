"""``ot-midstream.rules``: twins of rules, for sessions that were joined at a server's packet.

Suricata takes whoever sends the first packet it sees for the client. Sessions in plants last for
months, so a sensor nearly always joins in the middle, and every second time at a server's packet:
then the requests go "to the client". A rule without a direction would see them, but Suricata would
search the replies of all other protocols for it too, at several times the cost. So each rule on a
raw TCP stream names its direction, and has a twin for the other one that asks for a client's port,
which keeps it away from every ordinary server's replies. Twins have the rule's sid and the
generator id :data:`GID`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from gaugeglass.rules.parse import Rule

GID = 2

#: Ports of other servers, whose replies must not be searched either.
OTHERS: tuple[str, ...] = (
    "20:25", "53", "80", "88", "110", "111", "135", "137:139", "143", "389", "443", "445", "502",
    "636", "993", "995", "1433", "3306", "3389", "3671", "4712:4713", "5006:5010", "5094", "5432",
    "5900", "8080", "20000",
)  # fmt: skip

#: Files whose sessions are short enough that the next one is seen from its start.
PATHS: tuple[str, ...] = (
    "ot-credentials.rules", "ot-iot-spread.rules", "ot-lateral.rules", "ot-malware.rules",
    "ot-remote-access.rules", "ot-tftp.rules",
)  # fmt: skip

HEAD = """\
# Twins of the rules on raw TCP streams, for sessions joined at a server's packet, whose sender
# Suricata takes for the client. Made by `gaugeglass rules sids --twins`; a test compares.
# Same sids, generator {gid}.
"""

_HEADER = re.compile(r"^alert (tcp|tcp-pkt) (\S+) (\S+) -> (\S+) (\S+) \(")
_OTHER = {"to_server": "to_client", "to_client": "to_server"}


def servers(rules: Iterable[Rule]) -> str:
    """All ports that rules with twins call a server's, as a list of Suricata's."""
    found = {*OTHERS}
    for rule in rules:
        if _direction(rule) is not None:
            ports = rule.target_ports if rule.source_ports == "any" else rule.source_ports
            found |= {p.strip() for p in ports.strip("[]").split(",") if p.strip()[:1].isdigit()}
    return ",".join(sorted(found, key=lambda p: int(p.split(":")[0])))


def _direction(rule: Rule) -> str | None:
    """The direction of a rule that has a twin."""
    if rule.protocol not in ("tcp", "tcp-pkt") or rule.file.name in PATHS or not rule.enabled:
        return None
    flows = {"established,to_server": "to_server", "established,to_client": "to_client"}
    return flows.get(rule.option("flow") or "")


def twin(rule: Rule, server_ports: str) -> str | None:
    """The twin of ``rule``, which asks for a port outside ``server_ports``; None: needs none."""
    direction, header = _direction(rule), _HEADER.match(rule.text)
    if direction is None or header is None:
        return None
    protocol, source, source_ports, target, target_ports = header.groups()
    if direction == "to_server":
        source_ports = f"![{server_ports}]" if source_ports == "any" else source_ports
    else:
        target_ports = f"![{server_ports}]" if target_ports == "any" else target_ports
    rest = rule.text[header.end() :].replace(
        f"flow:established,{direction};", f"flow:established,{_OTHER[direction]};"
    )
    rest = rest.replace(f" sid:{rule.sid};", f" gid:{GID}; sid:{rule.sid};")
    return f"alert {protocol} {source} {source_ports} -> {target} {target_ports} ({rest}"


def text(rules: Iterable[Rule]) -> str:
    """The file of all twins."""
    ordered = sorted(rules, key=lambda r: (r.sid, r.file.name))
    server_ports = servers(ordered)
    twins = (twin(rule, server_ports) for rule in ordered)
    return HEAD.format(gid=GID) + "".join(f"{t}\n" for t in twins if t)
