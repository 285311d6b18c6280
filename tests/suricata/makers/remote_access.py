"""Cases of remote access: desktops, shells, support tools, VPNs, tunnels; inside and outside."""

import struct
from collections.abc import Iterable

from .wire import (
    ATTACKER,
    ENGINEER,
    HMI,
    OUTSIDE,
    SERVER,
    C,
    Exchange,
    S,
    case,
    merged,
    tcp,
    udp,
)

OURS = [s for s in range(1943001, 1943087) if s not in (1943075, 1943080)]
VENDOR = "198.51.100.20"  # a host that plant hosts reach
# A certificate that openssl made: CN=AnyNet Relay, P-256, self-signed.
CERTIFICATE = bytes.fromhex(
    "3082018230820129a00302010202142cc3ca4fd7d6cf1fde8b091d0efc9d9243fe1551300a06082a8648ce3d"
    "04030230173115301306035504030c0c416e794e65742052656c6179301e170d323631313235313631323131"
    "5a170d3336313132323136313231315a30173115301306035504030c0c416e794e65742052656c6179305930"
    "1306072a8648ce3d020106082a8648ce3d03010703420004fa4b14af5acfc0a5d41c91738dd837b977391f53"
    "7fd528335799c772a23b48983682aef40f6778e615ff66b700f2153529a1017cb9cbcd8042b3c5b27865b8cf"
    "a3533051301d0603551d0e04160414907434e636dc146762e45b76eb45b4f052dd353f301f0603551d230418"
    "30168014907434e636dc146762e45b76eb45b4f052dd353f300f0603551d130101ff040530030101ff300a06"
    "082a8648ce3d0403020347003044022031b5deda65d0b05c9a16788745350e666f8c97da8290a6991817c2a8"
    "8b75578602207206d2a72dee2d3f8059241c3c63bf580837df91090dabf233e76bf6cfcd94f9"
)


def rdp(user: str = "Administr", protocols: int = 3) -> bytes:
    """TPKT, X.224 connection request, cookie, negotiation request."""
    text = f"Cookie: mstshash={user}\r\n".encode() + struct.pack("<BBHI", 1, 0, 8, protocols)
    x224 = bytes([len(text) + 6, 0xE0]) + bytes(5) + text
    return struct.pack(">BBH", 3, 0, len(x224) + 4) + x224


def rdp_confirm(protocol: int) -> bytes:
    return bytes.fromhex("030000130ed0000012340002000800") + struct.pack("<I", protocol)


def mcs(channel: bytes) -> bytes:
    """MCS connect-initial with a list of static channels (TS_UD_CS_NET)."""
    net = struct.pack("<HHI", 0xC003, 20, 1) + channel.ljust(8, b"\0") + bytes(4)
    data = (
        b"\x7f\x65\x82\x01\x00"
        + bytes(60)
        + b"Duca"
        + struct.pack("<HH", 0xC001, 24)
        + bytes(20)
        + net
    )
    return struct.pack(">BBH", 3, 0, len(data) + 7) + b"\2\xf0\x80" + data


def hello(name: str) -> bytes:
    """A TLS 1.2 client hello that names a server."""
    host = name.encode()
    sni = struct.pack(">HHHBH", 0, len(host) + 5, len(host) + 3, 0, len(host)) + host
    body = b"\3\3" + bytes(range(32)) + b"\0" + b"\0\2\xc0\x2f" + b"\1\0"
    body += struct.pack(">H", len(sni)) + sni
    shake = b"\1" + struct.pack(">I", len(body))[1:] + body
    return b"\x16\3\1" + struct.pack(">H", len(shake)) + shake


def server_hello(certificate: bytes) -> bytes:
    def record(kind: int, body: bytes) -> bytes:
        shake = bytes([kind]) + struct.pack(">I", len(body))[1:] + body
        return b"\x16\3\3" + struct.pack(">H", len(shake)) + shake

    chain = struct.pack(">I", len(certificate))[1:] + certificate
    first = b"\3\3" + bytes(range(32)) + b"\0\xc0\x2f\0"
    return record(2, first) + record(11, struct.pack(">I", len(chain))[1:] + chain)


def query(name: str) -> bytes:
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    return struct.pack(">HHHHHH", 0x4242, 0x0100, 1, 0, 0, 0) + labels + b"\0\0\1\0\1"


def http(line: str, *headers: str, body: str = "") -> Exchange:
    more = [f"Content-Length: {len(body)}"] if body else []
    text = "\r\n".join([f"{line} HTTP/1.1", "Host: 10.10.20.10", *headers, *more, "", body])
    return [(C, text.encode()), (S, b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")]


SSH = [(C, b"SSH-2.0-OpenSSH_9.6\r\n"), (S, b"SSH-2.0-OpenSSH_8.4\r\n")]


def named(subject: bytes) -> bytes:
    """The certificate with another name in it, its signature no longer right."""
    common, more = b"\x06\3\x55\4\3", len(subject) - 12
    old = b"\x30\x17\x31\x15\x30\x13" + common + b"\x0c\x0cAnyNet Relay"
    sizes = bytes([0x30, 23 + more, 0x31, 21 + more, 0x30, 19 + more])
    made = CERTIFICATE.replace(old, sizes + common + bytes([12, len(subject)]) + subject)
    for at in (0, 4):
        size = struct.unpack_from(">H", CERTIFICATE, at + 2)[0] + 2 * more
        made = made[: at + 2] + struct.pack(">H", size) + made[at + 4 :]
    return made


RFB = [(S, b"RFB 003.008\n"), (C, b"RFB 003.008\n")]
TELNET = [(S, b"\xff\xfd\x18\xff\xfd\x20"), (C, b"\xff\xfb\x18")]
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


def pair(
    name: str, port: int, talk: Exchange, inside: Iterable[int], outside: Iterable[int]
) -> None:
    """The same session from inside and from outside."""
    packets = tcp(ENGINEER, SERVER, port, talk)
    quiet = set(OURS) - set(inside)
    case(f"remote_access-{name}", f"{name}, inside.", packets, dict.fromkeys(inside, 1), quiet)
    packets = tcp(OUTSIDE, SERVER, port, talk)
    text = f"{name}, from outside."
    case(f"remote_access-{name}-outside", text, packets, dict.fromkeys({*inside, *outside}, 1))


def many(port: int, talk: Exchange, count: int, step: float) -> list[object]:
    flows = [
        tcp(ATTACKER, SERVER, port, talk, sport=40000 + n, start=n * step) for n in range(count)
    ]
    return merged(*flows)


def desktops() -> None:
    session = [(C, rdp()), (S, rdp_confirm(2))]
    pair("rdp", 3389, session, [1943001], [1943002])
    pair("vnc", 5900, RFB, [1943008], [1943009])
    for name, options in (
        ("split", {"split": 9}),
        ("vlan", {"vlan": 30}),
        ("one-sided", {"one_sided": C}),
        ("midstream", {"midstream": True}),
    ):
        packets = tcp(ENGINEER, SERVER, 3389, session, **options)  # type: ignore[arg-type]
        case(f"remote_access-rdp-{name}", f"RDP, {name}.", packets, {1943001: 1})
    packets = tcp(ENGINEER, SERVER, 33890, session)
    case("remote_access-rdp-port", "RDP on port 33890.", packets, {1943003: 1}, [1943001])
    packets = tcp(
        ENGINEER, SERVER, 102, [(C, bytes.fromhex("0300001611e00000000100c0010ac1020100c2020102"))]
    )
    case("remote_access-cotp", "A COTP connection to a controller.", packets, silent=OURS)
    expected = {1943001: 1, 1943004: 1}
    case(
        "remote_access-rdp-brute",
        "12 RDP sessions in 24 s.",
        many(3389, session, 12, 2.0),
        expected,
    )
    packets = many(3389, session, 4, 30.0)
    case("remote_access-rdp-again", "Four in two minutes.", packets, {1943001: 1}, [1943004])
    old = [(C, rdp()), (S, rdp_confirm(0))]
    packets = tcp(ENGINEER, SERVER, 3389, old)
    text = "RDP security without network level authentication."
    case("remote_access-rdp-no-nla", text, packets, {1943001: 1, 1943007: 1})
    for name, channel, count in (("bluekeep", b"MS_T120", 1), ("channels", b"rdpdr", 0)):
        packets = tcp(ATTACKER, SERVER, 3389, [*session, (C, mcs(channel))])
        text = f"The channel {channel.decode()} is asked for."
        expected = {1943001: 1, **({1943006: 1} if count else {})}
        case(f"remote_access-rdp-{name}", text, packets, expected, [] if count else [1943006])
    for number, (source, method) in enumerate(
        ((OUTSIDE, "RDG_OUT_DATA"), (ENGINEER, "RDG_OUT_DATA"), (OUTSIDE, "GET"))
    ):
        packets = tcp(source, SERVER, 443, http(f"{method} /remoteDesktopGateway/"))
        case(
            f"remote_access-rdg-{number}",
            f"{method} from {source}.",
            packets,
            {1943005: int(number == 0)},
        )

    open_vnc = [*RFB, (S, b"\1\1"), (C, b"\1")]
    packets = tcp(ENGINEER, SERVER, 5900, open_vnc)
    case("remote_access-vnc-open", "VNC without a password.", packets, {1943008: 1, 1943011: 1})
    packets = tcp(ENGINEER, SERVER, 5900, [*RFB, (S, b"\1\2"), (C, b"\2"), (S, bytes(16))])
    case("remote_access-vnc-password", "VNC with a password.", packets, {1943008: 1}, [1943011])
    packets = tcp(ENGINEER, SERVER, 15900, RFB)
    case("remote_access-vnc-port", "VNC on port 15900.", packets, {1943010: 1}, [1943008])
    expected = {1943008: 1, 1943012: 1}
    case("remote_access-vnc-brute", "12 VNC sessions in 24 s.", many(5900, RFB, 12, 2.0), expected)
    late = [(S, RFB[0][1]), *RFB[1:]]
    packets = tcp(ENGINEER, SERVER, 5900, late, midstream=True)
    case("remote_access-vnc-joined", "VNC, joined at the banner.", packets, {1943083: 1})
    packets = tcp(ENGINEER, SERVER, 5901, RFB, one_sided=C)
    case("remote_access-vnc-one-sided", "Only the client of VNC.", packets, {1943083: 1})
    packets = tcp(OUTSIDE, SERVER, 5900, RFB, one_sided=C)
    expected = {1943083: 1, 1943084: 1}
    case("remote_access-vnc-client-outside", "Only the client of VNC, outside.", packets, expected)
    packets = tcp(
        ENGINEER, SERVER, 5900, [(C, b"RFB 2.0 hello world\n"), (C, b"GET / HTTP/1.1\r\n")]
    )
    case("remote_access-vnc-not", "Other bytes on its port.", packets, silent=OURS)
    for name, port, payload, sid in (
        ("radmin", 4899, bytes.fromhex("01000000010000000808"), 1943046),
        ("dameware", 6129, bytes.fromhex("30110000") + bytes(36), 1943047),
        ("nomachine", 4000, b"NXSH-8.14.2\n", 1943048),
        ("x11", 6000, b"l\0\x0b\0\0\0\0\0\0\0\0\0", 1943049),
    ):
        packets = tcp(ENGINEER, HMI, port, [(C, payload)])
        case(f"remote_access-{name}", f"{name}.", packets, {sid: 1})
        packets = tcp(ENGINEER, HMI, port, [(C, payload[1:]), (S, payload)])
        case(f"remote_access-{name}-not", f"Not {name}: cut, or a reply.", packets, silent=OURS)


def shells() -> None:
    pair("ssh", 22, SSH, [1943013], [1943014])
    packets = tcp(ENGINEER, VENDOR, 22, SSH)
    case("remote_access-ssh-leaves", "SSH to outside.", packets, {1943013: 1, 1943015: 1})
    packets = tcp(ENGINEER, SERVER, 8022, SSH)
    case("remote_access-ssh-port", "SSH on port 8022.", packets, {1943016: 1}, [1943013])
    packets = tcp(ENGINEER, SERVER, 443, SSH)
    case("remote_access-ssh-443", "SSH through 443.", packets, {1943068: 1}, [1943016])
    packets = tcp(ENGINEER, SERVER, 22, [SSH[0], (S, b"SSH-1.5-Cisco-1.25\n")])
    case("remote_access-ssh-1", "A server of version 1.", packets, {1943013: 1, 1943017: 1})
    packets = tcp(ENGINEER, SERVER, 22, [SSH[0], (S, b"SSH-1.99-OpenSSH_5\n")])
    case("remote_access-ssh-199", "A server of both versions.", packets, {1943013: 1}, [1943017])
    expected = {1943013: 1, 1943018: 1}
    case("remote_access-ssh-brute", "12 SSH sessions in 24 s.", many(22, SSH, 12, 2.0), expected)
    packets = many(22, SSH, 4, 30.0)
    case("remote_access-ssh-again", "Four in two minutes.", packets, {1943013: 1}, [1943018])
    for name, banner, sid in (
        ("library", b"SSH-2.0-paramiko_5.1.0\r\n", 1943019),
        ("scanner", b"SSH-2.0-Nmap-SSH2-Hostkey\r\n", 1943020),
    ):
        packets = tcp(ATTACKER, SERVER, 22, [(C, banner), SSH[1]])
        case(f"remote_access-ssh-{name}", f"The client is a {name}.", packets, {1943013: 1, sid: 1})

    pair("telnet", 23, TELNET, [1944002], [1943021])
    packets = tcp(OUTSIDE, SERVER, 23, TELNET, one_sided=C)
    expected = {1943085: 1, 1944016: 1}
    case("remote_access-telnet-client", "Only the client of Telnet.", packets, expected)
    login = [(C, b"\0"), (C, b"root\0root\0xterm/9600\0"), (S, b"\0")]
    packets = tcp(ENGINEER, SERVER, 513, login)
    case("remote_access-rlogin", "rlogin.", packets, {1943022: 1})
    rooted = [(C, b"\0-froot\0-froot\0xterm/9600\0"), (S, b"\0")]
    packets = tcp(ATTACKER, SERVER, 513, rooted)
    case("remote_access-rlogin-froot", "rlogin -froot.", packets, {1943082: 1})
    packets = tcp(ENGINEER, SERVER, 514, [(C, b"<13>Nov 24 10:00:00 plc: ok\n")])
    case("remote_access-syslog", "Syslog over TCP on the port of rsh.", packets, silent=OURS)
    create = "<s:Header><a>http://schemas.xmlsoap.org/ws/2004/09/transfer/Create</a>"
    create += "<b>http://schemas.microsoft.com/wbem/wsman/1/windows/shell/cmd</b></s:Header>"
    pair("winrm", 5985, http("POST /wsman"), [1943023], [1943024])
    packets = tcp(ENGINEER, SERVER, 5985, http("POST /WSMAN"))
    case("remote_access-winrm-letters", "WinRM in capitals.", packets, {1943023: 1})
    packets = tcp(ENGINEER, SERVER, 5986, [(C, hello("station"))])
    case("remote_access-winrm-tls", "WinRM over TLS.", packets, {1943074: 1})
    packets = tcp(ENGINEER, SERVER, 5986, [(C, b"GET / HTTP/1.1\r\n\r\n"), (S, hello("station"))])
    case("remote_access-winrm-tls-not", "No TLS of a client.", packets, silent=OURS)
    packets = tcp(ATTACKER, SERVER, 5985, http("POST /wsman", body=create))
    case("remote_access-winrm-shell", "A shell by WinRM.", packets, {1943023: 1, 1943025: 1})
    identify = http("POST /wsman", body="<w:Identify/> windows/shell")
    packets = tcp(ENGINEER, SERVER, 5985, identify)
    case("remote_access-winrm-identify", "Identify.", packets, {1943023: 1}, [1943025])


NAMES = {
    ("router12.teamviewer.com", "ping3.dyngate.com"): 1943028,
    ("relay-1a2b.net.anydesk.com", "boot.net.anydesk.com"): 1943030,
    ("rs-ny.rustdesk.com", "rustdesk.com"): 1943034,
    ("instance-ab.relay.screenconnect.com", "x.hostedrmm.com"): 1943037,
    ("secure.logmein.com", "api.splashtop.com", "rm.meshcentral.com"): 1943040,
    ("client.talk2m.com", "api.ixon.cloud"): 1943042,
    ("controlplane.tailscale.com", "tunnel.us.ngrok.com"): 1943044,
    ("x.gotoassist.com", "a.todesk.com", "slapi.oray.net", "app.ninjarmm.com"): 1943040,
    ("a.kaseya.net", "nomachine.com", "a.fixme.it", "builds.level.io", "a.action1.com"): 1943040,
    ("ws4-dms.zoho.com",): 1943040,
    ("ssh.tmate.io", "a.localtonet.com", "global.rel.tunnels.api.visualstudio.com"): 1943044,
}
NOT_NAMES = (
    "notteamviewer.com",
    "anydesk.com.example.org",
    "rustdesk.com.au",
    "myscreenconnect.community",
    "logmein.company",
    "talk2m.community",
    "tailscale.dev",
    "mytodesk.com",
    "api.visualstudio.com",
    "level.io.example.org",
    "zoho.com",
)


def tools() -> None:
    for number, (names, sid) in enumerate(NAMES.items(), 1):
        packets = udp(HMI, VENDOR, 53, [(C, query(name)) for name in names])
        case(f"remote_access-names-{number}", f"Asked for: {names[0]}.", packets, {sid: 1})
        flows = [
            tcp(HMI, VENDOR, 443, [(C, hello(name))], sport=41000 + n, start=n)
            for n, name in enumerate(names)
        ]
        case(f"remote_access-tls-{number}", f"TLS to {names[0]}.", merged(*flows), {sid + 1: 1})
    packets = udp(HMI, VENDOR, 53, [(C, query(name)) for name in NOT_NAMES])
    case("remote_access-names-not", "Other names.", packets, silent=OURS)
    flows = [
        tcp(
            HMI,
            VENDOR,
            443,
            [(C, hello(name)), (S, server_hello(CERTIFICATE[:-9] + bytes(9)))][:1],
            sport=41000 + n,
        )
        for n, name in enumerate(NOT_NAMES)
    ]
    case("remote_access-tls-not", "TLS to other names.", merged(*flows), silent=OURS)
    for name, certificate in (
        ("anydesk", CERTIFICATE),
        ("other", CERTIFICATE.replace(b"AnyNet Relay", b"AnyNet Radio")),
    ):
        packets = tcp(
            HMI, VENDOR, 443, [(C, hello("relay.example.org")), (S, server_hello(certificate))]
        )
        case(
            f"remote_access-certificate-{name}",
            f"Certificate: {name}.",
            packets,
            {1943032: int(name == "anydesk")},
        )

    said = [(C, bytes.fromhex("17240a0020008000")), (S, bytes.fromhex("17240b00200010"))]
    packets = tcp(HMI, VENDOR, 5938, said)
    case("remote_access-teamviewer", "TeamViewer over TCP.", packets, {1943070: 1}, [1943072])
    packets = tcp(HMI, VENDOR, 5938, said, one_sided=S)
    case("remote_access-teamviewer-answer", "Its server only.", packets, {1943072: 1}, [1943070])
    for name, port, payload, sid in (
        ("plain", 5939, b"\x17\x24\0\0session", 1943070),
        ("new", 5938, bytes.fromhex("113037001c000000") + bytes(28), 1943071),
        ("web", 443, bytes.fromhex("17240a2000140000138813881388"), 1943026),
    ):
        packets = tcp(HMI, VENDOR, port, [(C, payload), (S, payload)])
        case(f"remote_access-teamviewer-{name}", f"Port {port}.", packets, {sid: 1}, [1943072])
    packets = tcp(HMI, VENDOR, 80, http("GET /din.aspx?s=00000000&id=0&client=DynGate&p=1"))
    case("remote_access-teamviewer-http", "TeamViewer over HTTP.", packets, {1943073: 1})
    packets = tcp(HMI, VENDOR, 80, http("GET /din.aspx?s=00000000&id=0&client=panel&p=1"))
    case("remote_access-http-client", "Another client.", packets, silent=OURS)
    packets = udp(HMI, VENDOR, 5938, [(C, bytes(11) + b"\x17\x24" + bytes(20))])
    case("remote_access-teamviewer-udp", "TeamViewer over UDP.", packets, {1943027: 1})
    packets = udp(HMI, "239.255.102.18", 50001, [(C, b"discovery" + bytes(20))])
    case("remote_access-anydesk-multicast", "AnyDesk looks around.", packets, {1943033: 1})
    for name, port, payload in (
        ("punch", 21116, b"\x54\x42\x13\x0a\x09123456789\x10\1\x1a\4key="),
        ("relay", 21117, b"\xd0\x92\1\x31\x0a\x09123456789\x12$" + b"5" * 36),
        ("nat", 21115, b"\x14\xa2\1\2\x08\1"),
    ):
        packets = tcp(HMI, VENDOR, port, [(C, payload), (S, payload)])
        case(f"remote_access-rustdesk-{name}", f"RustDesk: {name}.", packets, {1943077: 1})
    packets = tcp(HMI, VENDOR, 21116, [(C, b"GET / HTTP/1.1\r\n\r\n"), (C, bytes(30))])
    case("remote_access-rustdesk-not", "Other bytes.", packets, silent=OURS)
    for name, ports, subject, sid in (
        ("client", (443, 7070), b"AnyDesk Client", 1943076),
        ("splashtop", (6783,), b"Splashtop Srv1", 1943078),
    ):
        for port in ports:
            for text, count in ((subject, 1), (b"Station Client", 0)):
                said = server_hello(named(text))
                talk = [(C, hello("relay.example.org")), (S, said)]
                packets = tcp(HMI, VENDOR, port, talk)
                label = f"remote_access-certificate-{name}-{port}-{count}"
                case(label, f"A certificate of {text.decode()}.", packets, {sid: count})
    greeting = b"\0X\x08\0Please press <Enter>...\r\n"
    packets = tcp(ENGINEER, SERVER, 5631, [(C, bytes(4)), (S, greeting)])
    case("remote_access-pcanywhere", "pcAnywhere.", packets, {1943079: 1})
    packets = tcp(ENGINEER, SERVER, 5631, [(C, greeting), (S, b"220 ready\r\n")])
    case("remote_access-pcanywhere-not", "Other bytes.", packets, silent=OURS)
    upgrade = ("Upgrade: websocket", "Connection: Upgrade")
    packets = tcp(HMI, VENDOR, 443, http("GET /agent.ashx", *upgrade))
    case("remote_access-mesh", "An agent connects.", packets, {1943081: 1})
    packets = tcp(HMI, SERVER, 80, http("GET /values.ashx", *upgrade))
    case("remote_access-mesh-not", "Another handler.", packets, silent=OURS)
    packets = udp(HMI, VENDOR, 21116, [(C, b"\x32\x0d\x0a\x09123456789\x10\x01")])
    case("remote_access-rustdesk", "RustDesk registers.", packets, {1943036: 1})
    near = [
        tcp(HMI, VENDOR, 5938, [(C, b"\x17\x25\x0a\0"), (S, b"\x24\x17\x0a\0")]),
        udp(HMI, VENDOR, 5938, [(C, bytes(10) + b"\x17\x24" + bytes(20))]),
        udp(HMI, VENDOR, 50001, [(C, bytes(30))]),
        udp(HMI, VENDOR, 21116, [(C, b"\x32\x0d\x12\x09123456789")]),
        udp(HMI, VENDOR, 9993, [(C, bytes(20))]),
    ]
    case("remote_access-tools-not", "Other bytes on their ports.", merged(*near), silent=OURS)
    packets = tcp(HMI, VENDOR, 80, http("GET /Bin/ScreenConnect.ClientSetup.exe?e=Access"))
    case("remote_access-screenconnect", "Its client is fetched.", packets, {1943039: 1})
    packets = tcp(HMI, SERVER, 80, http("GET /Bin/Update.exe"))
    case("remote_access-http-inside", "HTTP inside.", packets, silent=OURS)


def ike(exchange: int, version: int = 0x20) -> bytes:
    return (
        b"\x11" * 8
        + bytes(8)
        + bytes([33, version, exchange, 8])
        + bytes(4)
        + struct.pack(">I", 60)
        + bytes(32)
    )


VPNS = (
    ("ike", "udp", 500, ike(34), 1943050),
    ("ike-nat", "udp", 4500, bytes(4) + ike(34), 1943050),
    ("openvpn", "udp", 1194, b"\x38" + b"\x5a" * 8 + bytes(5), 1943052),
    ("openvpn-auth", "udp", 1194, b"\x38" + b"\x5a" * 28 + b"\0\0\0\1i" + bytes(8), 1943052),
    ("openvpn-tcp", "tcp", 1194, b"\0\x0e\x38" + b"\x5a" * 8 + bytes(5), 1943054),
    ("wireguard", "udp", 51820, b"\1\0\0\0" + b"\x77" * 144, 1943056),
    ("pptp", "tcp", 1723, bytes.fromhex("009c00011a2b3c4d00010000") + bytes(144), 1943058),
    ("l2tp", "udp", 1701, bytes.fromhex("c80200140000000000000000" "8008000000000001"), 1943060),
)  # fmt: skip


def vpns() -> None:
    for name, kind, port, payload, sid in VPNS:
        wire = tcp if kind == "tcp" else udp
        packets = wire(OUTSIDE, SERVER, port, [(C, payload)])
        case(f"remote_access-{name}-in", f"{name} from outside.", packets, {sid: 1}, [sid + 1])
        packets = wire(HMI, VENDOR, port, [(C, payload)])
        case(f"remote_access-{name}-out", f"{name} to outside.", packets, {sid + 1: 1}, [sid])
    near = []
    for number, (name, kind, port, payload, _) in enumerate(VPNS):
        wire = tcp if kind == "tcp" else udp
        # the port of a WireGuard peer is any: its first message is one in both directions
        replies = [] if name == "wireguard" else [[(S, payload)]]
        for more, talk in enumerate(([(C, payload[3:])], *replies)):
            near.append(wire(OUTSIDE, SERVER, port, talk, sport=42000 + 2 * number + more))
        near.append(wire(ENGINEER, SERVER, port, [(C, payload)], sport=43000 + number))
    text = "Cut bytes, replies, and the same VPNs between hosts inside."
    case("remote_access-vpn-not", text, merged(*near), silent=OURS)
    sstp = http("SSTP_DUPLEX_POST /sra_{BA195980-CD49-458b-9E23-C84EE0ADCD75}/")
    packets = tcp(OUTSIDE, SERVER, 80, sstp)
    case("remote_access-sstp", "SSTP from outside.", packets, {1943062: 1, 1943069: 1})
    packets = tcp(ENGINEER, SERVER, 80, sstp)
    case("remote_access-sstp-inside", "SSTP inside.", packets, silent=[1943062])
    packets = udp(HMI, VENDOR, 9993, [(C, b"\x5a" * 18 + b"\x08" + b"\x77" * 60)])
    case("remote_access-zerotier", "ZeroTier.", packets, {1943063: 1})


def tunnels() -> None:
    for name, payload, sid in (
        ("socks5", b"\5\1\0", 1943064),
        ("socks4", b"\4\1\x0d\x3d\x0a\x0a\x14\x0a\0", 1943065),
    ):
        packets = tcp(ATTACKER, SERVER, 1080, [(C, payload)])
        case(f"remote_access-{name}", f"{name}.", packets, {sid: 1})
        packets = tcp(ATTACKER, SERVER, 1080, [(C, b"\x06" + payload[1:]), (S, payload)])
        case(f"remote_access-{name}-not", f"Not {name}.", packets, silent=OURS)
    for port, count in ((502, 1), (3389, 1), (8443, 0)):
        talk = http(f"CONNECT 10.10.20.10:{port}")
        packets = tcp(ATTACKER, SERVER, 3128, talk)
        case(f"remote_access-connect-{port}", f"CONNECT to {port}.", packets, {1943066: count})
    upgrade = ("Upgrade: websocket", "Connection: Upgrade")
    for number, name in enumerate(("chat", "chisel-v3")):
        talk = http("GET /", *upgrade, f"Sec-WebSocket-Protocol: {name}")
        packets = tcp(ATTACKER, SERVER, 8080, talk)
        case(
            f"remote_access-websocket-{number}", f"Sub-protocol {name}.", packets, {1943067: number}
        )
    pair("web", 80, http("GET /"), [], [1943069])


def make() -> None:
    desktops()
    shells()
    tools()
    vpns()
    tunnels()
