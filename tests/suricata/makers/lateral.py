"""Cases of lateral movement: SMB and DCE/RPC.

One session is a real one: impacket's client and server, SMB 2.1, which connect ADMIN$, write a
file, and create and start a service. The rest are frames with the fields that the rules read and
no more: the signs of exploits are lengths and numbers without a payload that could do anything.
"""

import base64
import struct
import uuid
import zlib

from scapy.layers.inet import ICMP, IP
from scapy.layers.l2 import Ether

from .wire import (
    ATTACKER,
    CONTROLLER,
    ENGINEER,
    EPOCH,
    HMI,
    OUTSIDE,
    SERVER,
    C,
    Exchange,
    S,
    case,
    mac,
    merged,
    tcp,
    udp,
)

SMB, RPC, MSSQL = 445, 49664, 1433
UNICODE = "utf-16-le"
BOUND = 1947100  # set the bits that rules on calls ask for, never alert
STEPS = range(1947101, 1947122)
OURS = (*range(1947001, 1947094), *STEPS, *range(1947141, 1947151))
VENDOR = "198.51.100.20"
# (direction, length, bytes) of each message, deflated
PSEXEC = (
    "c-qBSO>7%Q6#iztwqwUh)+Ry$B8X7wr6_D7lNMo_xJgZt#;x;Hl}4_VG&o8~AW7|1O@)LVdWb3{io_v8{5Vl"
    "1sv-m@6p4zas1kw;Cj>&Ra)1Lrm-bQw0>az%?q<C9;@z}WceOL#*_rpg_ulv3j2y*F04Dw&O6>0h!%nYVv{q"
    "T&Nl)+WkrUHny|b~SnW>Sfg)V)LBt&q5`a)5eelf>tW3)mLs5f1@JpIY_|MBKuuijurk4M!Rqs<=A9uIT7g+"
    "fS{3iWcp<EM9#E$tNqKM=+HH0vGSCp<*Ea3A8PzJUG4_-Lo0zC#Y1)vrA+wj3JnPYewu)#YwsxnPzYVT~kP("
    "g8jQY%mU(8Q{TB2iq$F^wHCUudtfGCg-mfTz<w@OR?lX67v^zG=dUCy7#H5&aGY2F2gRmd#K;iu6d%?QOuL="
    "19+Zpfz}S7kH!X!F|ooJqp>7L(2pS;z(E{F9IgsuUep*NRslrWX)-=*6*s}ATT0{BZ2VqbVomZAYg}7mlDNb"
    "Ix?f!Mt%>eF>MzlKLYuEp+)uYo^**f+uwqo_FoQ9?f-D9<-26>^ujSUaxy<gr7d>xH4=1MMvG|Ms{F;x4zQ|"
    "nt`4RcE#n6{yOv9pEt<Ni3ckjIG!^0TI6ef_tQ)M$%Mk1wn%j|mQ(DgoA(L?R3S9U9W)W@TkqjrWD@4{=wGM"
    "6L5?;@-zw4oh)(F$36+Gs3>ZY0o)Lo_FXVVa%fYn6+uRW4IOuu>^;6x?DBWXXB@^#*T=o3li;DfXEPPSrK$s"
    "PU?DiyS<SM&o0W;x<fCJ4_L5MVh{)QBsw+Au)%Lj%g~5YJ2;;0AGEr%A{W1*0Q(fCjZ>*I$pRQfAaO2GV7vv"
    "o7(d{Odsbtw@sLBM5Pw)y_(v@$p2UQ5}s_sVh&*i=}};98P=91l!vp{V^eICg_RMURYGMJ&m4-6ptK;FW3Kn"
    "Q!&^)-k5UN)Cav<?>nN{VEc3dTc;8h$r@f}l!aAn~63yrIGW|MhmD4pg#aiXGQfhKsK`rKV!1$iQDXPxnw2#"
    "bG%VoPzj@dotNTshit#AD#)g|5>Y25tg<e49Ty7p{&E?=g0-71%THeo8c+{3+BQ|m^pOH#Q~G;dv6m$pv{4E"
    "fK`bab!Wdivw`m7Dt@xfI>v@#S;BH-8=c;FlWgk$Ogj>N#&0eo%w5o%0LS&huhxIIs9^dnH*CzG_~PBY2m(6"
    "|-LEP;Zd*c9(cNpnAKT^L97{)FGAZO&&;PPK}ReXAm<snhKsSy5%~xKUk5a)&W^29gzhp{7DUdQXOr;jqkVX"
    "qenIG2pt*{YR-5cQ)WP$3EFJaI7#U_Md_KQM2)FwIz=OC`g-NcbJfXI>wrv?_Q@2ucVsHtS$Hx99FR#aiH4v"
    "?LpDXj>WZ>3O_Z%jQ|Ev*8#^G)h9>u7nb9aa>nZ&L=~0gH9TSzum2F1i_J<~}e}ZVXNaV^Asb0n)X6eq-XsY"
    "6A?~YD0bq>h5VV{ik_lb=4cY%!6qFgjznQ_62j13OR7~TOH!`dODSsi`gP6*K8fB<3p1d#3%0i?S?06U(Is{"
    "4F54@2b4588wwssZX(jtyo}YzLw&kO>^Jkj)dg1u}s{7P9%bnU3r~uL&@?"
)

SERVICES = "367abb81-9844-35f1-ad32-98f038001003"
TASKS = "86d35949-83c9-4044-b424-db363231fd0c"
AT = "1ff70682-0a51-30e8-076d-740be8cee98b"
REGISTRY = "338cd001-2244-31f1-aaaa-900038001003"
ACCOUNTS = "12345778-1234-abcd-ef00-0123456789ac"
SHARES = "4b324fc8-1670-01d3-1278-5a47bf6ee188"
STATION = "6bffd098-a112-3610-9833-46c3f87e345a"
REPLICATION = "e3514235-4b06-11d1-ab04-00c04fc2dcd2"
SPOOLER = "12345678-1234-abcd-ef00-0123456789ab"
FILES = "c681d488-d850-11d0-8c52-00c04fd90f7e"
FILES_OWN = "df1941c5-fe89-4e79-bf10-463657acf44d"
NETLOGON = "12345678-1234-abcd-ef00-01234567cffb"
EVENTS = "82273fdc-e32a-18c3-3f78-827929dc23ea"
EVENTS_6 = "f6beaff7-1e19-4fbb-9f8f-b89e2018337c"
ACTIVATION = "000001a0-0000-0000-c000-000000000046"
WMI = "9556dc99-828c-11cf-a37e-00aa003240c7"
WMI_LOGIN = "f309ad18-d86a-11d0-a075-00c04fb68820"
SHUTDOWN = "894de0c0-0d55-11d3-a322-00c04fa321a1"
ENDPOINTS = "e1af8308-5d1f-11c9-91a4-08002b14a0fa"
MANAGEMENT = "afa8bd80-7d8a-11c9-bef4-08002b102989"
OXID = "99fcfec4-5260-101b-bbcb-00aa0021347a"
SHUTDOWN_NEW = "d95afe70-a6d5-4259-822e-2c84da1ddb0d"
SPOOLER_ASYNC = "76f03f96-cdfd-44fc-a22c-64950a001209"
SPACES = "4fc742e0-4a10-11cf-8273-00aa004ae673"  # distributed file system
SHADOWS = "a8e0653c-2744-4389-a61d-7373df8b2292"
ACTIVATION_OLD = "4d9f4ab8-7d1c-11cf-861e-0020af6e7c57"
POLICIES = "12345778-1234-abcd-ef00-0123456789ab"  # of accounts: no rule on its calls

CALLS = {  # sid: interface, operation
    1947033: (SERVICES, 12),
    1947034: (SERVICES, 19),
    1947035: (SERVICES, 1),
    1947036: (SERVICES, 2),
    1947037: (SERVICES, 11),
    1947038: (SERVICES, 14),
    1947039: (TASKS, 1),
    1947040: (TASKS, 12),
    1947041: (TASKS, 13),
    1947042: (TASKS, 7),
    1947043: (AT, 0),
    1947044: (REGISTRY, 22),
    1947045: (REGISTRY, 20),
    1947046: (REGISTRY, 17),
    1947047: (REGISTRY, 24),
    1947048: (SHUTDOWN, 0),
    1947049: (ACCOUNTS, 13),
    1947050: (ACCOUNTS, 50),
    1947051: (SHARES, 15),
    1947052: (SHARES, 21),
    1947053: (STATION, 2),
    1947054: (SHARES, 31),
    1947055: (REPLICATION, 3),
    1947056: (SPOOLER, 17),
    1947057: (SPOOLER, 89),
    1947058: (SPOOLER, 65),
    1947059: (FILES, 0),
    1947060: (FILES_OWN, 0),
    1947061: (NETLOGON, 26),
    1947062: (NETLOGON, 30),
    1947063: (EVENTS, 0),
    1947064: (EVENTS_6, 6),
    1947065: (ACTIVATION, 4),
    1947066: (WMI, 24),
    1947067: (WMI, 20),
    1947068: (WMI, 14),
    1947069: (ENDPOINTS, 2),
    1947070: (MANAGEMENT, 0),
    1947071: (OXID, 5),
    1947141: (SHUTDOWN_NEW, 0),
    1947145: (SHARES, 14),
    1947146: (REPLICATION, 17),
    1947147: (SPOOLER_ASYNC, 39),
    1947148: (SPACES, 13),
    1947149: (SHADOWS, 8),
    1947150: (ACTIVATION_OLD, 0),
}
FRAGMENTS = {1947142: (SERVICES, 12), 1947143: (TASKS, 1), 1947144: (REGISTRY, 22)}
OBJECT = uuid.UUID("00000402-0b94-0000-5c1b-7f22a44e9d10").bytes_le  # a DCOM object's
BINDS = {SERVICES: 1947028, TASKS: 1947029, AT: 1947030, REGISTRY: 1947031, WMI_LOGIN: 1947032}
STUBS = {
    1947054: "\\\\a\\..\\x".encode("utf-16-le"),
    1947056: "system32\\x".encode("utf-16-le"),
    1947061: bytes(8) + b"\xff\xff\x2f\x21",
}
PLAIN = b"\1\2\3\4" * 6
NTLM = uuid.UUID("8a885d04-1ceb-11c9-9fe8-08002b104860")  # NDR, the transfer syntax


def recorded() -> Exchange:
    raw, said, at = zlib.decompress(base64.b85decode(PSEXEC)), [], 0
    while at < len(raw):
        side, size = raw[at : at + 1].decode(), int.from_bytes(raw[at + 1 : at + 3], "big")
        said.append((side, raw[at + 3 : at + 3 + size]))
        at += 3 + size
    return said


def pdu(kind: int, body: bytes, flags: int = 3, auth: bytes = b"") -> bytes:
    """A message; ``auth`` is what its trailer of NTLM carries."""
    trailer = struct.pack("<BBBBI", 10, 6, 0, 0, 79231) + auth if auth else b""
    size = 16 + len(body) + len(trailer)
    return struct.pack("<BBBBIHHI", 5, 0, kind, flags, 0x10, size, len(auth), 1) + body + trailer


def offer(interface: str, kind: int = 11, context: int = 0, auth: bytes = b"") -> bytes:
    """A bind, or another context (14)."""
    syntax = uuid.UUID(interface).bytes_le + struct.pack("<HH", 1, 0)
    transfer = NTLM.bytes_le + struct.pack("<I", 2)
    asked = struct.pack("<HHIBBHHBB", 4280, 4280, 0, 1, 0, 0, context, 1, 0) + syntax + transfer
    return pdu(kind, asked, auth=auth)


def accepted(kind: int = 12, auth: bytes = b"") -> bytes:
    transfer = NTLM.bytes_le + struct.pack("<I", 2)
    given = struct.pack("<HHIH", 4280, 4280, 1, 6) + b"49664\0" + struct.pack("<IHH", 1, 0, 0)
    return pdu(kind, given + transfer, auth=auth)


def bind(interface: str) -> Exchange:
    return [(C, offer(interface)), (S, accepted())]


def asks(operation: int, stub: bytes = PLAIN, flags: int = 3, context: int = 0) -> bytes:
    """A request; of a DCOM object, where ``flags`` has 80."""
    body = struct.pack("<IHH", len(stub), context, operation) + (OBJECT if flags & 0x80 else b"")
    return pdu(0, body + stub, flags)


def call(interface: str, operation: int, stub: bytes = PLAIN, flags: int = 3) -> Exchange:
    return [
        *bind(interface),
        (C, asks(operation, stub, flags)),
        (S, pdu(2, struct.pack("<IHBB", 8, 0, 0, 0) + bytes(8))),
    ]


def smb2(command: int, body: bytes, status: int = 0, reply: bool = False, number: int = 5) -> bytes:
    head = struct.pack(
        "<4sHHIHHIIQIIQ", b"\xfeSMB", 64, 1, status, command, 1, reply, 0, number, 0, 1, 9
    )
    message = head + bytes(16) + body
    return struct.pack(">I", len(message)) + message


def smb1(command: int, body: bytes, status: int = 0, multiplex: int = 64) -> bytes:
    head = struct.pack(
        "<4sBIBHH8sHHHHH",
        b"\xffSMB",
        command,
        status,
        0x18,
        0xC807,
        0,
        bytes(8),
        0,
        1,
        1,
        1,
        multiplex,
    )
    return struct.pack(">I", len(head) + len(body)) + head + body


def tree(path: str) -> bytes:
    name = path.encode("utf-16-le")
    return smb2(3, struct.pack("<HHHH", 9, 0, 72, len(name)) + name)


def create(path: str, disposition: int = 5, options: int = 0x40) -> bytes:
    name = path.encode("utf-16-le")
    body = struct.pack(
        "<HBBIQQIIIIIHHII",
        57,
        0,
        0,
        2,
        0,
        0,
        0x12019F,
        0x80,
        7,
        disposition,
        options,
        120,
        len(name),
        0,
        0,
    )
    return smb2(5, body + name)


def change(kind: int) -> bytes:
    """SET_INFO of a file: 13 is deletion, 10 renaming, 4 times and attributes."""
    return smb2(17, struct.pack("<HBBIHHI", 33, 1, kind, 8, 96, 0, 0) + bytes(16) + b"\1" * 8)


def piped(message: bytes) -> bytes:
    """A message of DCE/RPC written to a pipe by SMB 2: data at 112."""
    head = struct.pack("<HHIQ16sIIHHI", 49, 112, len(message), 0, b"\5" * 16, 0, 0, 0, 0, 0)
    return smb2(9, head + message)


def seen_otherwise() -> None:
    """Calls after an authentication, of other objects, in other contexts, through pipes."""
    hello, challenge, proof = b"NTLMSSP\0\1" + bytes(31), b"NTLMSSP\0\2" + bytes(47), bytes(64)
    fault = (S, pdu(3, struct.pack("<IHBBII", 32, 0, 0, 0, 5, 0)))
    opened = [
        (C, offer(REPLICATION, auth=hello)),
        (S, accepted(auth=challenge)),
        (C, pdu(16, b"    ", auth=proof)),
    ]
    for name, text, options in (
        ("", "A login by NTLM, a call, a fault.", {}),
        ("-split", "The same in pieces of seven bytes.", {"split": 7}),
        ("-one-sided", "Only the client of it.", {"one_sided": C}),
    ):
        said = [*opened, (C, asks(3)), fault]
        packets = tcp(ATTACKER, SERVER, RPC, said, **options)  # type: ignore[arg-type]
        case(f"lateral-ntlm{name}", text, packets, {1947055: 1})
    packets = tcp(ATTACKER, SERVER, RPC, [*opened, (C, asks(12)), fault] * 2)
    case("lateral-ntlm-not", "Another operation after the login.", packets, silent=OURS)

    method = [
        *call(WMI_LOGIN, 6, flags=0x83)[:3],
        (C, offer(WMI, kind=14, context=1)),
        (S, accepted(15)),
        (C, asks(24, flags=0x83, context=1)),
    ]
    packets = tcp(ATTACKER, SERVER, RPC, method)
    text = "WMI: a login, another context, a method of an object."
    case("lateral-wmi-method", text, packets, {1947032: 1, 1947066: 1})
    listed = [*method[:5], (C, asks(18, flags=0x83, context=1)), (C, asks(3, flags=0x83))]
    packets = tcp(ENGINEER, SERVER, RPC, listed)
    text = "WMI: instances are listed."
    case("lateral-wmi-listed", text, packets, {1947032: 1, 1947067: 1}, [1947068, 1947066])

    for sid, (interface, operation) in FRAGMENTS.items():
        said = [(C, asks(operation, bytes(4200), flags=1)), (C, asks(operation, flags=2))]
        packets = tcp(ATTACKER, SERVER, RPC, [*bind(interface), *said])
        text = "A call in two fragments."
        case(f"lateral-call-{sid - 1947000}", text, packets, {BINDS[interface]: 1, sid: 1})

    def through(*messages: bytes) -> Exchange:
        return [(C, piped(message)) for message in messages]

    made = through(offer(SERVICES), asks(12))
    packets = tcp(ATTACKER, SERVER, SMB, made)
    case("lateral-pipe-service", "Through a pipe.", packets, {1947028: 1, 1947033: 1})
    # 44 makes a service, and opens the policy of accounts; 6 makes a key, and asks for a state
    near = through(
        *(offer(SERVICES), asks(15), asks(16), asks(6), asks(17)),
        *(offer(POLICIES), asks(44), asks(46), asks(0)),
        *(offer(REGISTRY), asks(2), asks(15)),
        *(offer(SERVICES), asks(15), asks(6), asks(16)),
        *(offer(ACCOUNTS), asks(64), asks(6), asks(7), asks(1)),
    )
    packets = tcp(ENGINEER, SERVER, SMB, near)
    text = "Five pipes in one session; each operation is another's in a pipe before."
    quiet = [sid for sid in OURS if sid not in (1947028, 1947031)]
    case("lateral-pipes-not", text, packets, {1947028: 1, 1947031: 1}, quiet)
    tower = uuid.UUID(SERVICES).bytes_le
    asked = asks(3, struct.pack("<IIHB", 75, 75, 5, 19) + b"\0\x0d" + tower + bytes(50))
    packets = tcp(ENGINEER, SERVER, 135, [*bind(ENDPOINTS), (C, asked), (C, asks(12))])
    text = "The endpoint mapper is asked where the services are; a 12 after it."
    case("lateral-map-not", text, packets, silent=OURS)


def calls() -> None:
    for sid, (interface, operation) in CALLS.items():
        packets = tcp(ATTACKER, SERVER, RPC, call(interface, operation, STUBS.get(sid, PLAIN)))
        found = {sid: 1, **({BINDS[interface]: 1} if interface in BINDS else {})}
        case(f"lateral-call-{sid - 1947000}", f"Operation {operation}.", packets, found)
    packets = tcp(ATTACKER, SERVER, RPC, call(WMI_LOGIN, 6))
    case("lateral-wmi-login", "A login to WMI.", packets, {1947032: 1})
    flows = [
        tcp(ENGINEER, SERVER, RPC, call(interface, 99), sport=40000 + n, start=n)
        for n, interface in enumerate(dict.fromkeys(i for i, _ in CALLS.values()))
    ]
    found = {BINDS[i]: 1 for i in (SERVICES, TASKS, AT, REGISTRY)}
    quiet = [sid for sid in OURS if sid not in found.values() and sid not in found]
    text = "Another operation of each interface."
    case("lateral-calls-not", text, merged(*flows), found, quiet)
    flows = [
        tcp(ENGINEER, SERVER, RPC, call(*CALLS[sid]), sport=40000 + n, start=n)
        for n, sid in enumerate(STUBS)
    ]
    text = "The operations of three exploits, with other data."
    case("lateral-stubs-not", text, merged(*flows), silent=STUBS)
    packets = tcp(
        ENGINEER, SERVER, RPC, [(C, b"\5\0\x0c" + bytes(90)), (C, b"GET / HTTP/1.1\r\n\r\n")]
    )
    case("lateral-calls-other", "Other bytes.", packets, silent=OURS)


def sessions() -> None:
    raw = {1947006: 1, 1947008: 1, 1947011: 1, 1947019: 1, 1947028: 1}
    real = {**raw, 1947033: 1, 1947034: 1}
    for name, text, options, found in (
        ("psexec", "ADMIN$, a file, a service.", {}, real),
        ("psexec-split", "The same in pieces of 100 bytes.", {"split": 100}, real),
        ("psexec-vlan", "The same on a VLAN.", {"vlan": 60}, real),
        ("psexec-midstream", "The same without the handshake.", {"midstream": True}, real),
        (
            "psexec-one-sided",
            "Only the client.",
            {"one_sided": C},
            {s: 1 for s in real if s != 1947006},
        ),
    ):
        packets = tcp(ATTACKER, SERVER, SMB, recorded(), **options)  # type: ignore[arg-type]
        case(f"lateral-{name}", text, packets, found, made_by="lab")
    late = recorded()[15:]
    packets = tcp(ATTACKER, SERVER, SMB, late, midstream=True)
    found = {1947019: 1, 1947028: 1, 1947033: 1, 1947034: 1}
    text = "Joined at a reply, before the pipe is opened."
    case("lateral-psexec-late", text, packets, found, made_by="lab")

    read = [(C, smb2(8, bytes(48))), (S, smb2(8, bytes(64), reply=True))]
    packets = tcp(HMI, SERVER, SMB, [(C, tree(r"\\10.10.20.10\RECIPES")), *read * 10])
    case("lateral-share", "A share of recipes is read.", packets, silent=OURS)
    packets = tcp(OUTSIDE, SERVER, SMB, read)
    case("lateral-outside", "SMB from outside.", packets, {1947001: 1}, [1947002])
    packets = tcp(HMI, VENDOR, SMB, read)
    case("lateral-leaves", "SMB to outside.", packets, {1947002: 1}, [1947001])
    agreed = [
        (C, smb1(0x72, b"\0\x0c\0\2NT LM 0.12\0")),
        (S, smb1(0x72, b"\x11\0\0\3" + bytes(32))),
    ]
    packets = tcp(HMI, SERVER, SMB, agreed)
    case("lateral-smb1", "Version 1 is agreed on.", packets, {1947003: 1})
    packets = tcp(HMI, SERVER, SMB, [agreed[0], (S, smb2(0, bytes(64), reply=True))])
    case("lateral-smb1-not", "Version 1 is offered, 2 taken.", packets, silent=[*OURS, BOUND])

    setup = smb2(1, struct.pack("<HH", 9, 0) + bytes(8), reply=True)
    for flags, count in ((2, 1), (0, 0)):
        answer = setup[:70] + struct.pack("<H", flags) + setup[72:]
        packets = tcp(HMI, SERVER, SMB, [(S, answer)])
        text = f"A session with flags {flags}."
        case(f"lateral-session-{flags}", text, packets, {1947006: count})
    for name, answer, sid in (
        ("2", smb2(1, bytes(9), 0xC000006D, reply=True), 1947004),
        ("1", smb1(0x73, bytes(3), 0xC000006D), 1947005),
    ):
        for count in (12, 3):
            packets = tcp(ATTACKER, SERVER, SMB, [(S, answer)] * count)
            text = f"{count} logins are refused."
            case(f"lateral-refused-{name}-{count}", text, packets, {sid: int(count > 8)})
    first = [(C, smb2(0, struct.pack("<HH", 36, 1) + bytes(40), number=0))]
    for count in (20, 4):
        flows = [tcp(ATTACKER, f"10.10.20.{n}", SMB, first, start=n) for n in range(30, 30 + count)]
        text = f"{count} hosts in {count} s."
        case(f"lateral-sweep-{count}", text, merged(*flows), {1947007: int(count > 15)})


def names() -> None:
    for name, text, payload, sid in (
        ("admin", "ADMIN$.", tree(r"\\10.10.20.10\ADMIN$"), 1947008),
        ("drive", "C$.", tree(r"\\10.10.20.10\C$"), 1947009),
        ("admin-1", "ADMIN$ in version 1.", ADMIN_1, 1947010),
        ("write-program", "A program is written.", create(r"TEMP\tool.exe"), 1947011),
        ("write-program-1", "A program is written, version 1.", created_1("tool.exe", 5), 1947012),
        ("write-project-1", "Version 1.", created_1("boiler.acd", 5, UNICODE), 1947088),
        ("read-project-1", "The same opened.", created_1("boiler.acd", 1, UNICODE), 1947089),
        ("write-project", "A project is written.", create(r"proj\boiler.acd"), 1947013),
        ("read-project", "A project is opened.", create(r"proj\boiler.acd", 1), 1947014),
        ("startup", "Into a start-up folder.", create(r"Programs\Startup\a.txt"), 1947015),
        ("hive", "The account store.", create(r"Windows\System32\config\SAM", 1), 1947018),
        ("pipe-svcctl", "svcctl.", create("svcctl", 1), 1947019),
        ("pipe-atsvc", "atsvc.", create("atsvc", 1), 1947020),
        ("pipe-winreg", "winreg.", create("winreg", 1), 1947021),
        ("pipe-samr", "samr.", create("samr", 1), 1947022),
        ("pipe-eventlog", "eventlog.", create("eventlog", 1), 1947023),
        ("pipe-spoolss", "spoolss.", create("spoolss", 1), 1947024),
        ("pipe-efsrpc", "efsrpc.", create("efsrpc", 1), 1947025),
        ("pipe-1", "Version 1, an 8-bit name.", created_1("svcctl", 1), 1947093),
        ("pipe-1-lsarpc", "The same.", created_1("\\lsarpc", 1), 1947093),
        ("pipe-1-wide", "Version 1, UTF-16.", created_1("samr", 1, UNICODE), 1947022),
        ("pipe-psexec", "A remote execution tool.", create("PSEXESVC", 1), 1947026),
        ("pipe-default", "The default of a tool.", create("msagent_1a", 1), 1947027),
    ):  # fmt: skip
        quiet = [other for other in OURS if other != sid]
        packets = tcp(ATTACKER, SERVER, SMB, [(C, payload)])
        case(f"lateral-{name}", text, packets, {sid: 1}, quiet)
    near = [
        tree(r"\\10.10.20.10\IPC$"),
        tree(r"\\10.10.20.10\ADMIN"),
        tree(r"\\10.10.20.10\DOC$"),
        create(r"TEMP\tool.exe", 1),
        create(r"TEMP\values.txt"),
        create("srvsvc", 1),
        create("winregistry", 1),
        created_1("tool.exe", 1),
        created_1("srvsvc", 1),
        smb2(8, "svcctl tool.exe".encode("utf-16-le")),
    ]
    packets = tcp(HMI, SERVER, SMB, [(C, message) for message in near])
    case("lateral-names-not", "Names that are near.", packets, silent=OURS)
    for name, kind, sid in (("delete", 13, 1947016), ("rename", 10, 1947017)):
        for count in (30, 3):
            packets = tcp(ATTACKER, SERVER, SMB, [(C, change(kind))] * count)
            text = f"{count} times {name}."
            case(f"lateral-{name}-{count}", text, packets, {sid: int(count > 20)})
    for name, payload, sid in (
        ("close", create("old.txt", 1, 0x1040), 1947090),
        ("delete-1", smb1(6, b"\1\x26\0\x0a\0\4" + "x.txt\0".encode("utf-16-le")), 1947091),
        ("rename-1", smb1(7, b"\1\x16\0\x0a\0\4" + "x.txt\0".encode("utf-16-le")), 1947092),
    ):
        for count in (30, 3):
            packets = tcp(ATTACKER, SERVER, SMB, [(C, payload)] * count)
            text = f"{count} times {name}."
            case(f"lateral-{name}-{count}", text, packets, {sid: int(count > 20)})
    packets = tcp(HMI, SERVER, SMB, [(C, create("trend.txt", 1))] * 30)
    case("lateral-opened", "30 files are opened.", packets, silent=OURS)
    packets = tcp(HMI, SERVER, SMB, [(C, change(4))] * 30)
    case("lateral-attributes", "30 files get other times.", packets, silent=OURS)


ADMIN_1 = smb1(0x75, b"\4" + bytes(9) + rb"\\10.10.20.10\ADMIN$" + b"\0A:\0")


def created_1(path: str, disposition: int, code: str = "ascii") -> bytes:
    name = path.encode(code)
    body = struct.pack(
        "<BBBHBHIIIQIIIIIB",
        24,
        0xFF,
        0,
        0,
        0,
        len(name),
        0,
        0,
        0x12019F,
        0,
        0x80,
        7,
        disposition,
        0x40,
        2,
        0,
    )
    return smb1(
        0xA2, body + struct.pack("<H", len(name) + 1) + b"\0" * (code != "ascii") + name + b"\0\0"
    )


def transaction(command: int, total: int, setup: int = 0) -> bytes:
    """A transaction's first words: of NT (total in 4 bytes) or version 2 (a word of setup)."""
    if command == 0xA0:
        body = struct.pack("<BBHIIIIIIIIB", 20, 1, 0, 30, total, 30, 0, 30, 75, 300, 104, 1)
        return smb1(command, body + bytes(60))
    body = struct.pack(
        "<BHHHHBBHIHHHHHBBH", 15, 12, total, 1, 0, 0, 0, 0, 0, 0, 12, 66, 0, 78, 1, 0, setup
    )
    return smb1(command, body + bytes(20))


def failed(command: int, status: int, multiplex: int = 64) -> bytes:
    return smb1(command, b"\0\0\0", status, multiplex)


def squeezed(offset: int) -> bytes:
    """A compressed message of SMB 3."""
    return b"\0\0\0\x40\xfcSMB" + struct.pack("<IHHI", 256, 1, 0, offset) + bytes(48)


def query(text: str) -> bytes:
    """A batch of TDS."""
    return b"\1\1\0\0" + text.encode("utf-16-le")


def exploits() -> None:
    later = struct.pack("<BHHHHHHHHH", 9, 0, 4096, 0, 0, 0, 4096, 53, 0, 0)
    again = struct.pack("<BHHHHHHHH", 8, 0, 5000, 0, 0, 0, 5000, 53, 0)
    for name, text, side, payload, times, sid in (
        ("nt-trans", "66,512 bytes announced.", C, transaction(0xA0, 66512), 1, 1947076),
        ("trans2", "Twelve of 4,096 bytes.", C, smb1(0x33, later + bytes(40)), 12, 1947077),
        ("setup", "A session setup by transaction 2.", C, transaction(0x32, 0, 14), 1, 1947078),
        ("setup-answer", "It is answered.", S, failed(0x32, 0xC0000002, 0x51), 1, 1947079),
        ("probe", "Insufficient resources for a pipe.", S, failed(0x25, 0xC0000205), 1, 1947080),
        ("compression", "An offset of 4 GiB.", C, squeezed(0xFFFFFFF0), 1, 1947081),
        ("trans", "Six secondaries of 5,000 bytes.", C, smb1(0x26, again + bytes(40)), 6, 1947082),
    ):  # fmt: skip
        packets = tcp(ATTACKER, SERVER, SMB, [(side, payload)] * times)
        quiet = [other for other in OURS if other != sid]
        case(f"lateral-exploit-{name}", text, packets, {sid: 1}, quiet)
    small = struct.pack("<BHHHHHHHHH", 9, 0, 300, 0, 0, 0, 300, 53, 0, 0)
    near = [
        (C, transaction(0xA0, 4096)),
        (C, transaction(0x32, 0, 5)),
        *[(C, smb1(0x33, small + bytes(40)))] * 12,
        (C, smb1(0x33, later + bytes(40))),
        (S, failed(0x32, 0xC0000002, 0x41)),
        (S, failed(0x25, 0xC000000D)),
        (C, squeezed(16)),
        *[(C, smb1(0x26, again + bytes(40)))] * 2,
    ]
    packets = tcp(ENGINEER, SERVER, SMB, near)
    case("lateral-exploits-not", "Transactions in their bounds.", packets, silent=OURS)

    knock = bytes.fromhex("0300000e02f0803c443728190200")
    asked = bytes.fromhex("0300000802f0802800000000")
    for number, payload in enumerate((knock, asked)):
        packets = tcp(ATTACKER, SERVER, 3389, [(C, payload)])
        text = "A knock at an implant in RDP, or another message."
        case(f"lateral-rdp-implant-{number}", text, packets, {1947087: 1 - number})

    line = r"cmd.exe /Q /c dir 1> \\127.0.0.1\ADMIN$\__1763".encode("utf-16-le")
    encoded = "powershell -nop -enc QQBB".encode("utf-16-le")
    for name, text, port, payload, sid in (
        ("line", "The line of wmiexec.", RPC, line, 1947072),
        ("encoded", "Encoded PowerShell.", RPC, encoded, 1947073),
        ("xp", "xp_cmdshell.", MSSQL, query("EXEC xp_cmdshell 'dir'"), 1947074),
        ("sp", "sp_OACreate.", MSSQL, query("EXEC sp_OACreate 'x'"), 1947075),
    ):  # fmt: skip
        packets = tcp(ATTACKER, SERVER, port, [(C, payload)])
        case(f"lateral-{name}", text, packets, {sid: 1})
    near = [
        tcp(ENGINEER, SERVER, RPC, [(C, "cmd.exe /c dir".encode("utf-16-le"))]),
        tcp(
            ENGINEER, SERVER, RPC, [(C, "powershell -File a.ps1".encode("utf-16-le"))], sport=41000
        ),
        tcp(ENGINEER, SERVER, MSSQL, [(C, "SELECT v FROM xp_values".encode("utf-16-le"))]),
        tcp(HMI, CONTROLLER, 502, [(C, bytes.fromhex("000100000006010300000002"))]),
    ]
    case("lateral-lines-not", "Other lines, a query, Modbus.", merged(*near), silent=OURS)


def asked_of_all() -> None:
    """Names that are asked of everybody, their answers, and a redirect."""

    def message(flags: int, answers: int, name: bytes) -> bytes:
        return struct.pack(">HHHHHH", 0x1234, flags, 1, answers, 0, 0) + name + b"\0\0\1\0\1"

    group = "224.0.0.252"
    for name, text, side, payload, found in (
        ("wpad", "The proxy is asked for.", C, message(0, 0, b"\4wpad"), {1947085: 1}),
        ("wpad-answer", "It answers.", S, message(0x8000, 1, b"\4wpad"), {1947084: 1, 1947086: 1}),
        ("llmnr", "A host answers.", S, message(0x8000, 1, b"\7station"), {1947084: 1}),
        ("llmnr-asked", "A host is asked for.", C, message(0, 0, b"\7station"), {}),
    ):
        ends = (HMI, group) if side == C else (HMI, ATTACKER)
        packets = udp(*ends, 5355, [(side, payload)])
        quiet = [sid for sid in OURS if sid not in found]
        case(f"lateral-{name}", text, packets, found, quiet)
    for kind, count in ((5, 1), (3, 0)):
        packet = Ether(src=mac(ATTACKER), dst=mac(HMI)) / IP(src=ATTACKER, dst=HMI)
        packet = packet / ICMP(type=kind, code=1)
        packet.time = EPOCH
        case(f"lateral-icmp-{kind}", f"ICMP type {kind}.", [packet], {1947083: count})


def make() -> None:
    asked_of_all()
    calls()
    seen_otherwise()
    sessions()
    names()
    exploits()
