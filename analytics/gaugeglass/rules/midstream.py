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

#: Ports of servers, which no client's system picks, or hardly ever.
SERVERS = (
    "80,102,443,502,1089:1091,1200,1217,1883:1885,1911,1962,2404,2455,4840:4855,4911,5007,5094,"
    "9600,11740:11743,18245,18246,20000,20256,20547,34962:34964,41100,44818,47808,48898"
)

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

_HEADER = re.compile(r"^alert tcp (\S+) (\S+) -> (\S+) (\S+) \(")
_OTHER = {"to_server": "to_client", "to_client": "to_server"}


def twin(rule: Rule) -> str | None:
    """The twin of ``rule``; None where it needs none."""
    direction = {"established,to_server": "to_server", "established,to_client": "to_client"}.get(
        rule.option("flow") or ""
    )
    header = _HEADER.match(rule.text)
    if direction is None or header is None or rule.file.name in PATHS or not rule.enabled:
        return None
    source, source_ports, target, target_ports = header.groups()
    if direction == "to_server":
        source_ports = f"![{SERVERS}]" if source_ports == "any" else source_ports
    else:
        target_ports = f"![{SERVERS}]" if target_ports == "any" else target_ports
    rest = rule.text[header.end() :].replace(
        f"flow:established,{direction};", f"flow:established,{_OTHER[direction]};"
    )
    rest = rest.replace(f" sid:{rule.sid};", f" gid:{GID}; sid:{rule.sid};")
    return f"alert tcp {source} {source_ports} -> {target} {target_ports} ({rest}"


def text(rules: Iterable[Rule]) -> str:
    """The file of all twins."""
    twins = (twin(rule) for rule in sorted(rules, key=lambda r: (r.sid, r.file.name)))
    return HEAD.format(gid=GID) + "".join(f"{t}\n" for t in twins if t)
