"""``ot-midstream.rules``: twins of rules, for sessions that were joined at a server's packet.

Suricata takes whoever sends the first packet it sees for the client. Sessions in plants last for
months, so a sensor nearly always joins in the middle, and every second time at a server's packet:
then the requests go "to the client". A rule without a direction would see them, but Suricata would
search the replies of all other protocols for it too. So each rule names its direction, and has a
twin for the other one.

A twin is looked for by the port in the packet's header (``tcp.hdr``, ``udp.hdr``): that is one
short search a packet, which fails on everything but such a session; patterns of a twin are never
searched for in payloads. That list of ports knows no direction in Suricata: so only rules on
requests have twins, whose flow is ``established`` (which has Suricata look at the direction once
more). A range of ports is found by the high byte that its ports share, and the
rule's own header decides. Of rules for many ports the first ports of the list have twins. Twins
have the rule's sid and generator ids from :data:`GID` on.

Rules by Suricata's own parsers of MQTT and SNMP have twins that differ in the direction only: their
packets are told by the parser. So have rules on what a device reports unasked in datagrams: it is
the client then, and sends to its own port's number or to one from 49152 up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from gaugeglass.rules.parse import Rule

GID = 2

#: Ports that Suricata's own yaml gives to these variables.
STOCK = {"$MODBUS_PORTS": "502", "$DNP3_PORTS": "20000"}

#: Where clients' own ports are, less those of servers that send or are asked a great deal: what
#: these send would be searched for the port of every twin.
CLIENTS = "[1024:1910,1912:2322,2324:4000,4003:4910,4912:10000,10002:65535]"

#: Ports of the list that twins are made for, where it is not its first entry.
MAIN = {"1025:1027": "4999:5020"}

#: Files whose sessions are short enough that the next one is seen from its start, but for those of
#: :data:`LASTING`.
PATHS: tuple[str, ...] = (
    "ot-credentials.rules", "ot-iot-spread.rules", "ot-lateral.rules", "ot-malware.rules",
    "ot-remote-access.rules", "ot-tftp.rules",
)  # fmt: skip

#: Ports of those files' rules that have twins: sessions of FTP, Telnet and VNC stay open for days,
#: and their servers speak first: whoever misses the handshake joins at a server's packet. Safety
#: controllers (1502) are asked in datagrams, without an end.
LASTING: tuple[str, ...] = ("21", "23", "1502", "5900:5910")

#: The file on servers that have not said a byte: a session joined at a server's packet is not such.
SILENT = "ot-unanswered.rules"

HEAD = """\
# Twins of the rules on raw TCP and UDP, for sessions joined at a server's packet, whose sender
# Suricata takes for the client. Made by `gaugeglass rules sids --twins`; a test compares.
# Same sids, generators from {gid} on.
"""

#: Files whose rules on replies in datagrams are also for reports that nobody asked for.
REPORTS: tuple[str, ...] = ("ot-c37118.rules", "ot-profinet-cm.rules", "ot-snmp.rules")

_HEADER = re.compile(r"^alert (tcp|tcp-pkt|udp|ip|mqtt|snmp) (\S+) (\S+) -> (\S+) (\S+) \(")
_FLOW = re.compile(r" flow:(?:established,)?to_server;")
PARSED = ("mqtt", "snmp")
#: What a rule without a pattern needs to be looked for in packets too, and not in streams alone. It
#: is always true; a twin is for packets anyway.
BOTH = "stream_size:client,>,0;"

#: Keywords that Suricata itself has for one direction only.
ONE_WAY = re.compile(r" mqtt\.(?:publish\.message|subscribe\.topic|connect\.\w+)[;:]")


def has_twins(rule: Rule) -> bool:
    """Whether it looks at requests of a protocol whose sessions last."""
    flow, protocol = rule.option("flow"), rule.protocol
    always = flow == "to_server" and protocol in ("udp", "ip")
    lasting = flow == "established,to_server" or always
    spoken = protocol in ("tcp", "tcp-pkt", "udp", "ip") and rule.file.name != SILENT
    return rule.enabled and lasting and spoken and bool(wanted(rule))


def turned(rule: Rule) -> str | None:
    """The twin of a rule that differs in its direction only, where it has one."""
    header, protocol = _HEADER.match(rule.text), rule.protocol
    flow = rule.option("flow") or ""
    if header is None or not rule.enabled or ONE_WAY.search(rule.text):
        return None
    _, source, source_ports, target, target_ports = header.groups()
    if protocol in PARSED and flow.endswith("to_server"):
        head = f"{source} {CLIENTS} -> {target} {target_ports}"
    elif protocol in ("udp", "ip", "snmp") and flow == "to_client" and rule.file.name in REPORTS:
        high = [] if "49152:" in source_ports else ["49152:65535"]
        listed = ",".join([source_ports.strip("[]"), *high])
        head = f"{source} {source_ports} -> {target} [{listed}]"
    else:
        return None
    other = {"to_server": "to_client", "to_client": "to_server"}[flow.rpartition(",")[2]]
    rest = re.sub(r" flow:((?:established,)?)to_\w+;", rf" flow:\g<1>{other};", rule.text, count=1)
    rest = rest[header.end() :].replace(f" sid:{rule.sid};", f" gid:{GID}; sid:{rule.sid};")
    return f"alert {protocol} {head} ({rest}"


def entries(ports: str) -> list[str]:
    """The ports of a header that twins are made for: two entries at most, ``[a,b:c]``."""
    listed = STOCK.get(ports, ports).strip("[]").split(",")
    listed = [MAIN.get(listed[0], listed[0]), *listed[1:]]
    return listed[:2] if len(listed) <= 2 or ":" not in listed[0] else listed[:1]


def wanted(rule: Rule) -> list[str]:
    """The ports of a rule's header that twins of it are made for.

    None of a pair of user and password: they come in two packets, and a twin looks at one.
    """
    listed = entries(rule.target_ports)
    if rule.file.name not in PATHS:
        return listed
    pair = rule.option("classtype") == "default-login-attempt"
    return [entry for entry in listed if entry in LASTING and not pair]


def pattern(entry: str) -> str | None:
    """What the two bytes of a port have in common over a range, as Suricata writes it."""
    low, _, high = entry.partition(":")
    if not low.isdigit() or not (high or low).isdigit():
        return None
    first, last = int(low), int(high or low)
    if first == last:
        return f"|{first >> 8:02x} {first & 255:02x}|"
    return f"|{first >> 8:02x}|" if first >> 8 == last >> 8 else None


def twins(rule: Rule) -> Iterator[str]:
    """The twins of ``rule``: by transport, and by port where the header lists several."""
    header = _HEADER.match(rule.text)
    if found := turned(rule):
        yield found
    if header is None or not has_twins(rule):
        return
    protocol, source, _, target, _ = header.groups()
    rest = rule.text[header.end() :].replace(" fast_pattern;", "").replace(" prefilter;", "")
    rest = rest.replace(f" {BOTH}", "")
    gid = GID
    for entry in wanted(rule):
        bytes_of_port = pattern(entry)
        if bytes_of_port is None:
            continue
        for transport in ("tcp", "udp") if protocol == "ip" else (protocol,):
            head = "udp.hdr" if transport == "udp" else "tcp.hdr"
            port = f'content:"{bytes_of_port}"; offset:2; depth:{bytes_of_port.count(" ") + 1};'
            flow = f" flow:established,to_client; {head}; {port} fast_pattern; pkt_data;"
            body = _FLOW.sub(flow.replace("\\", r"\\"), rest, count=1)
            body = body.replace(f" sid:{rule.sid};", f" gid:{gid}; sid:{rule.sid};")
            yield f"alert {transport} {source} {CLIENTS} -> {target} {entry} ({body}"
            gid += 1


def text(rules: Iterable[Rule]) -> str:
    """The file of all twins."""
    ordered = sorted(rules, key=lambda r: (r.sid, r.file.name))
    made = (twin for rule in ordered for twin in twins(rule))
    return HEAD.format(gid=GID) + "".join(f"{t}\n" for t in made)
