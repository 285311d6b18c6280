"""Cases of files into and out of devices: TFTP, names in FTP commands, uploads by HTTP."""

import struct

from .wire import ATTACKER, CONTROLLER, ENGINEER, OUTSIDE, C, Exchange, S, case, merged, tcp, udp

TFTP, FTP, HTTP = 69, 21, 80
OURS = range(1946001, 1946038)
VENDOR = "198.51.100.20"
READ, WRITE = 1, 2

NAMES = {  # name of the file: sid of the read, sid of the write
    "firmware_v2.bin": (1946002, 1946007),
    "boiler.apx": (1946003, 1946008),
    "startup-config": (1946004, 1946009),
    "tool.exe": (1946005, 1946010),
}
PLAIN = ("trend2026.txt", "picture.png", "pxelinux.0", "binary", "readme.first")
BY_FTP = {
    "firmware_v2.bin": 1946019,
    "boiler.apx": 1946020,
    "station.cfg": 1946021,
    "tool.exe": 1946022,
}


def asks(operation: int, name: str, mode: str = "octet") -> bytes:
    return struct.pack(">H", operation) + name.encode("latin-1") + b"\0" + mode.encode() + b"\0"


def transfer(operation: int, name: str) -> Exchange:
    """A request and the first block of it."""
    block, answer = b"\0\3\0\1" + bytes(16), b"\0\4\0\0"
    if operation == READ:
        return [(C, asks(READ, name)), (S, block), (C, b"\0\4\0\1")]
    return [(C, asks(WRITE, name)), (S, answer), (C, block), (S, b"\0\4\0\1")]


def by_tftp() -> None:
    for number, (name, (read, write)) in enumerate(NAMES.items(), 1):
        packets = udp(CONTROLLER, ENGINEER, TFTP, transfer(READ, name))
        others = [s for pair in NAMES.values() for s in pair if s != read] + [1946006]
        case(f"tftp-read-{number}", f"Read: {name}.", packets, {1946001: 1, read: 1}, others)
        packets = udp(ENGINEER, CONTROLLER, TFTP, transfer(WRITE, name))
        others = [s for pair in NAMES.values() for s in pair if s != write] + [1946001]
        case(f"tftp-write-{number}", f"Written: {name}.", packets, {1946006: 1, write: 1}, others)
    packets = udp(ENGINEER, CONTROLLER, TFTP, transfer(WRITE, "firmware_v2.bin"), vlan=40)
    case("tftp-write-vlan", "Firmware on a VLAN.", packets, {1946006: 1, 1946007: 1})
    for operation, sid in ((READ, 1946001), (WRITE, 1946006)):
        flows = [
            udp(ENGINEER, CONTROLLER, TFTP, transfer(operation, name), sport=40000 + n)
            for n, name in enumerate(PLAIN)
        ]
        quiet = [other for other in OURS if other != sid]
        case(f"tftp-plain-{operation}", "Other files.", merged(*flows), {sid: 1}, quiet)

    for name, payload, found in (
        ("traversal", asks(READ, "../../data/values"), {1946001: 1, 1946011: 1}),
        ("account", asks(READ, "/etc/passwd"), {1946001: 1, 1946004: 1, 1946012: 1}),
        ("long", asks(READ, "A" * 400), {1946013: 1}),
        ("mode", asks(READ, "x", "A" * 40), {1946014: 1}),
        ("d20", asks(WRITE, "MONITOR:cmd"), {1946006: 1, 1946016: 1}),
    ):
        packets = udp(ATTACKER, CONTROLLER, TFTP, [(C, payload)])
        case(f"tftp-{name}", f"A request: {name}.", packets, found)
    missing = b"\0\5\0\1File not found\0"
    for count, sid in ((20, 1946015), (9, 0)):
        flows = [
            udp(ATTACKER, CONTROLLER, TFTP, [(C, asks(READ, f"n{n}")), (S, missing)], start=n)
            for n in range(count)
        ]
        found = {1946001: 1, **({sid: 1} if sid else {})}
        text = f"{count} names that do not exist."
        case(f"tftp-missing-{count}", text, merged(*flows), found, [] if sid else [1946015])
    packets = udp(OUTSIDE, CONTROLLER, TFTP, transfer(READ, "values"))
    case("tftp-outside", "From outside.", packets, {1946001: 1, 1946017: 1}, [1946018])
    packets = udp(CONTROLLER, VENDOR, TFTP, transfer(READ, "values"))
    case("tftp-leaves", "To outside.", packets, {1946001: 1, 1946018: 1}, [1946017])
    near = [(S, asks(op, name)) for name in NAMES for op in (READ, WRITE)]
    near += [(C, b"\0\3\0\1" + asks(WRITE, "firmware.bin")), (C, b"\0\7firmware.bin\0octet\0")]
    near += [(C, bytes.fromhex("123401000001000000000000037777770000010001"))]
    packets = udp(ENGINEER, CONTROLLER, TFTP, near)
    case("tftp-others", "Replies, blocks, other operations, DNS.", packets, silent=OURS)


def session(*commands: str) -> Exchange:
    said: list[tuple[str, bytes]] = [(S, b"220 ready\r\n")]
    for command in commands:
        said += [(C, command.encode() + b"\r\n"), (S, b"250 ok\r\n")]
    return said


def by_ftp() -> None:
    for number, (name, sid) in enumerate(BY_FTP.items(), 1):
        packets = tcp(ENGINEER, CONTROLLER, FTP, session("TYPE I", f"STOR {name}"))
        case(f"tftp-ftp-store-{number}", f"STOR {name}.", packets, {1946023: 1, sid: 1})
    for name, text, command, found in (
        ("plain", "Another file is stored.", "STOR trend.txt", {1946023: 1}),
        ("program", "A program is read.", "RETR boiler.apx", {1946024: 1}),
        ("configuration", "A configuration is read.", "RETR station.cfg", {1946025: 1}),
        ("values", "A historian's file.", "STOR trend_20240101.csv", {1946023: 1, 1946035: 1}),
        ("backup", "A copy.", "STOR backup/plc1_backup.zip", {1946023: 1}),
        (
            "startup",
            "A configuration by its name.",
            "STOR startup-config",
            {1946021: 1, 1946023: 1},
        ),
        ("small", "A verb in small letters.", "stor boiler.apx", {1946020: 1, 1946023: 1}),
        ("delete", "A program is deleted.", "DELE boiler.apx", {1946026: 1, 1946036: 1}),
        ("delete-settings", "A setting.", "DELE station.cfg", {1946026: 1, 1946036: 1}),
        ("delete-own", "A file is deleted.", "DELE upload.tmp", {1946026: 1}),
        ("folder", "A folder is deleted.", "RMD logs", {1946026: 1}),
        ("rename", "A file is renamed.", "RNTO boiler.old", {1946027: 1}),
        ("site", "A device command.", "SITE REBOOT", {1946028: 1}),
        ("traversal", "Out of the folder.", "RETR ../../../x/values", {1946029: 1}),
    ):
        quiet = [sid for sid in OURS if sid not in found]
        packets = tcp(ENGINEER, CONTROLLER, FTP, session("PWD", command))
        case(f"tftp-ftp-{name}", text, packets, found, quiet)
        packets = tcp(ENGINEER, CONTROLLER, FTP, session("PWD", command), split=4)
        case(f"tftp-ftp-{name}-split", f"{text} In pieces.", packets, found, quiet)
    for name, text, pattern, found in (
        ("many", "20 pages of a device are deleted.", "DELE www/page{}.htm", {1946037: 1}),
        ("values", "30 old trends are deleted.", "DELE trend_{}.csv", {}),
    ):
        commands = [pattern.format(n) for n in range(30 if not found else 20)]
        packets = tcp(ENGINEER, CONTROLLER, FTP, session(*commands))
        quiet = [1946036, 1946037] if not found else [1946036]
        case(f"tftp-ftp-delete-{name}", text, packets, {1946026: 1, **found}, quiet)
    daily = (
        "PWD",
        "TYPE I",
        "PASV",
        "RETR trend.txt",
        "LIST",
        "CWD ..",
        "SITE HELP",
        "RNFR a",
        "QUIT",
    )
    packets = tcp(ENGINEER, CONTROLLER, FTP, session(*daily))
    case("tftp-ftp-daily", "Trends are fetched.", packets, silent=OURS)
    said = [(S, f"{command}\r\n".encode()) for command in ("DELE a", "STOR a.bin", "SITE REBOOT")]
    packets = tcp(ENGINEER, CONTROLLER, FTP, said)
    case("tftp-ftp-replies", "Names in replies.", packets, silent=OURS)


def post(path: str, name: str = "", method: str = "POST") -> Exchange:
    head = f'Content-Disposition: form-data; name="f"; filename="{name}"'
    part = f"--x\r\n{head}\r\n\r\nabc\r\n--x--\r\n"
    body = part if name else ""
    lines = [f"{method} {path} HTTP/1.1", "Host: 10.10.20.20", f"Content-Length: {len(body)}"]
    if name:
        lines.append("Content-Type: multipart/form-data; boundary=x")
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    return [(C, "\r\n".join([*lines, "", body]).encode()), (S, answer)]


def by_http() -> None:
    for name, talk, sid in (
        ("firmware", post("/file", "plc_fw.bin"), 1946030),
        ("mode", post("/cgi-bin/firmware_upgrade"), 1946031),
        ("configuration", post("/file", "station.cfg"), 1946032),
        ("script", post("/file", "a.php"), 1946033),
        ("restart", post("/api/reboot"), 1946034),
    ):
        packets = tcp(ENGINEER, CONTROLLER, HTTP, talk)
        quiet = [other for other in OURS if other != sid]
        case(f"tftp-http-{name}", f"By HTTP: {name}.", packets, {sid: 1}, quiet)
    near = (
        post("/file", "trend.csv"),
        post("/firmware_upgrade.html", method="GET"),
        post("/restarts?last=3", method="GET"),
        post("/download?f=plc_fw.bin", method="GET"),
    )
    flows = [tcp(ENGINEER, CONTROLLER, HTTP, t, sport=41000 + n) for n, t in enumerate(near)]
    case("tftp-http-not", "Another file; pages are read.", merged(*flows), silent=OURS)


def make() -> None:
    by_tftp()
    by_ftp()
    by_http()
