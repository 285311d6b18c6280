"""Cases of credentials: clear-text logins, default pairs, refusals, changed passwords."""

import base64

from .wire import ATTACKER, CONTROLLER, ENGINEER, C, Exchange, S, case, merged, tcp

TELNET, FTP, HTTP = 23, 21, 80
PAIRS = {  # offset of the sid: one of the pairs of its rule
    1: ("sysdiag", "factorycast@schneider"),
    2: ("basisk", "basisk"),
    3: ("administrator", "ml1400"),
    4: ("admin", "wago"),
    5: ("admin", "moxa"),
    6: ("admin", "private"),
    7: ("webguest", "1"),
    8: ("QNUDVCPU", "QNUDVCPU"),
    9: ("Default User", "robotics"),
    10: ("westronic", "rd"),
    11: ("tridium", "niagara"),
    12: ("root", "dbps"),
    13: ("adm", "adm"),
    14: ("KukaUser", "68kuka1secpw59"),
    15: ("target", "password"),
    16: ("apc", "apc"),
    17: ("ubnt", "ubnt"),
    18: ("root", "xc3511"),
    19: ("support", "support"),
}
BY_TELNET, BY_FTP, BY_HTTP = (
    {sid + n: p for n, p in PAIRS.items()} for sid in (1944100, 1944200, 1944300)
)
OURS = [*range(1944001, 1944017), *BY_TELNET, *BY_FTP, *BY_HTTP, *range(1944401, 1944413)]
OURS += [1944120, 1944220, 1944320, 1944321]
# a good password for each user, a user that begins or ends otherwise
WRONG = [(user, password + "X9") for user, password in PAIRS.values()]
WRONG += [("x" + user, password) for user, password in PAIRS.values()]
NEGOTIATION = [(S, b"\xff\xfd\x18\xff\xfb\x01"), (C, b"\xff\xfb\x18\xff\xfd\x01")]


def telnet(user: str, password: str, last: bytes = b"\r\n$ ") -> Exchange:
    return [
        *NEGOTIATION,
        (S, b"\r\nlogin: "),
        (C, user.encode() + b"\r\n"),
        (S, user.encode() + b"\r\nPassword: "),
        (C, password.encode() + b"\r\n"),
        (S, last),
    ]


def ftp(user: str, password: str, last: bytes = b"230 Login successful.\r\n") -> Exchange:
    return [
        (S, b"220 FTP server ready.\r\n"),
        (C, f"USER {user}\r\n".encode()),
        (S, b"331 Username ok, send password.\r\n"),
        (C, f"PASS {password}\r\n".encode()),
        (S, last),
        (C, b"QUIT\r\n"),
        (S, b"221 Goodbye.\r\n"),
    ]


def http(line: str, *headers: str, body: str = "", status: str = "200 OK") -> Exchange:
    more = [f"Content-Length: {len(body)}"] if body else []
    text = "\r\n".join([f"{line} HTTP/1.1", "Host: 10.10.20.20", *headers, *more, "", body])
    return [(C, text.encode()), (S, f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode())]


def basic(user: str, password: str, status: str = "200 OK") -> Exchange:
    token = base64.b64encode(f"{user}:{password}".encode()).decode()
    return http("GET /", f"Authorization: Basic {token}", status=status)


JSON = "Content-Type: application/json"
PARTS = "Content-Type: multipart/form-data; boundary=X"
PART = '--X\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'


def parts(**fields: str) -> str:
    return "".join(PART.format(*field) for field in fields.items()) + "--X--\r\n"


SEEN = {1944009: 1}  # that a form has a password in clear text
FORMS: tuple[tuple[str, Exchange, dict[int, int]], ...] = (
    ("letters", http("POST /FormLogin", body="Login=admin&Password=admin"), {**SEEN, 1944401: 1}),
    ("between", http("POST /l", body="k=1&user=root&keep=1&x=2&pass=root"), {**SEEN, 1944401: 1}),
    ("json", http("POST /l", JSON, body='{ "username" : "admin", "password" : "wago" }'),
     {**SEEN, 1944401: 1}),
    ("json-between", http("POST /l", JSON, body='{"user":"root","n":1,"a":"b","pwd":"root"}'),
     {**SEEN, 1944401: 1}),
    ("escaped", http("POST /l", body="user=sysdiag&pass=factorycast%40schneider"),
     {**SEEN, 1944401: 1}),
    ("openplc", http("POST /login", body="username=openplc&password=openplc"),
     {**SEEN, 1944401: 1}),
    ("reverse", http("POST /l", body="password=moxa&username=admin"), {**SEEN, 1944406: 1}),
    ("get", http("GET /login.cgi?username=admin&password=admin"), {1944407: 1}),
    ("get-pwd", http("GET /login?user=admin&x=1&pwd=admin"), {1944408: 1}),
    ("parts", http("POST /l", PARTS, body=parts(username="admin", password="admin")),
     {1944409: 1}),
    ("xml", http("POST /c", body="<u><userName>admin</userName><password>12345</password></u>"),
     {1944410: 1}),
    ("camera", http("GET /onvif-http/snapshot?auth=YWRtaW46MTEK"), {1944411: 1}),
    ("empty", http("POST /FormLogin", body="Login=admin&Password=&R=1"), {**SEEN, 1944412: 1}),
)  # fmt: skip
NO_FORMS = (
    http("POST /login", body="username=admin&password=admin-Zk29%21"),
    http("POST /login", JSON, body='{ "username" : "admin", "password" : "wago8812zz" }'),
    http("POST /login", body="Username=admin&Password=&MD5Password=5f4dcc3b5aa765d61d83"),
    http("POST /profile", body="login=admin&lang=en&theme=password&city=root"),
    http("POST /users/save", body="name=admin&role=1&password=&note=none"),
    http("POST /l", body="user=plantop&password=plantop&go=admin"),
    http("POST /l", PARTS, body=parts(username="admin", password="Kq7-admin")),
    http("POST /c", body="<u><userName>admin</userName><password>Kq7-1</password></u>"),
    http("GET /login.cgi?username=admin&password=Kq7-admin"),
    http("GET /login?user=admin&pwd=Kq7-admin&passage=admin"),
    http("GET /trend?name=admin&compass=1234&pwdage=1234"),
    http("GET /snapshot?auth=YWRtaW46S3E3LTE="),
)


def flows(port: int, talks: list[Exchange], step: float = 1.0, **options: object) -> list[object]:
    return merged(
        *(
            tcp(ATTACKER, CONTROLLER, port, talk, sport=40000 + n, start=n * step, **options)  # type: ignore[arg-type]
            for n, talk in enumerate(talks)
        )
    )


def defaults() -> None:
    shown = {1944001: 1, 1944002: 1}
    talks = [telnet(*pair) for pair in PAIRS.values()]
    expected = {**shown, **dict.fromkeys(BY_TELNET, 1)}
    case("credentials-telnet", "Default pairs over Telnet.", flows(TELNET, talks), expected)
    for name, options in (
        ("typed", {"split": 1}),
        ("vlan", {"vlan": 40}),
    ):
        packets = tcp(ATTACKER, CONTROLLER, TELNET, telnet("admin", "moxa"), **options)  # type: ignore[arg-type]
        seen = 1944016 if name == "typed" else 1944002
        found = {1944001: 1, seen: 1, 1944105: 1}
        case(f"credentials-telnet-{name}", f"A default pair, {name}.", packets, found)
    joined = telnet("admin", "moxa")[3:]
    packets = tcp(ATTACKER, CONTROLLER, TELNET, joined, midstream=True)
    text = "A default pair, joined when the user is typed."
    case("credentials-telnet-midstream", text, packets, {1944001: 1, 1944105: 1})
    once = [(C, b"\xff\xfb\x18"), (C, b"admin\rmoxa\r")]
    packets = tcp(ATTACKER, CONTROLLER, TELNET, once, one_sided=C)
    case(
        "credentials-telnet-blind", "User and password at once.", packets, {1944016: 1, 1944105: 1}
    )
    talks = [telnet(*pair) for pair in WRONG]
    quiet = [sid for sid in OURS if sid not in shown]
    case(
        "credentials-telnet-not", "Pairs that are no defaults.", flows(TELNET, talks), shown, quiet
    )

    talks = [ftp(*pair) for pair in PAIRS.values()]
    expected = {1944005: 1, **dict.fromkeys(BY_FTP, 1)}
    case("credentials-ftp", "Default pairs over FTP.", flows(FTP, talks), expected)
    quiet = [sid for sid in OURS if sid != 1944005]
    packets = flows(FTP, [ftp(*pair) for pair in WRONG])
    case("credentials-ftp-not", "Pairs that are no defaults.", packets, {1944005: 1}, quiet)

    talks = [basic(*pair) for pair in PAIRS.values()]
    expected = {1944008: 1, **dict.fromkeys(BY_HTTP, 1)}
    case("credentials-http", "Default pairs over HTTP.", flows(HTTP, talks), expected)
    quiet = [sid for sid in OURS if sid != 1944008]
    packets = flows(HTTP, [basic(*pair) for pair in WRONG])
    case("credentials-http-not", "Pairs that are no defaults.", packets, {1944008: 1}, quiet)

    lines = [
        *(f"{user}\n{password}\n" for user, password in PAIRS.values()),
        *("ACC\nOTTER\n", "admin\n\n"),
    ]
    for number, line in enumerate(lines):
        talk = [*NEGOTIATION, *((C, part.encode()) for part in line.splitlines(keepends=True))]
        packets = tcp(ATTACKER, CONTROLLER, TELNET, talk)
        found = {1944002: 1, 1944120: 1}
        case(f"credentials-telnet-lf-{number:02}", "Lines end with LF.", packets, found)
    talk = [*NEGOTIATION, *((C, f"{user}\n{word}\n".encode()) for user, word in WRONG)]
    packets = tcp(ATTACKER, CONTROLLER, TELNET, [*talk, (C, b"show users\n\nexit\n")])
    quiet = [sid for sid in OURS if sid != 1944002]
    case("credentials-telnet-lf-not", "No defaults, by LF.", packets, {1944002: 1}, quiet)

    for name, talk, sid in (
        ("lower", [(C, b"user sysdiag\r\n"), (C, b"pass factorycast@schneider\r\n")], 1944201),
        ("twice", ftp("USER", "USERUSER"), 1944201),
        ("abb", ftp("service", "ABB800xA"), 1944209),
        ("centum", ftp("CENTUM", "CENTUM"), 1944220),
        ("uploadhis", ftp("uploadhis", "111111"), 1944220),
    ):
        packets = tcp(ATTACKER, CONTROLLER, FTP, talk)
        case(f"credentials-ftp-{name}", "A default pair.", packets, {1944005: 1, sid: 1})
    talk = [*ftp("CENTUM", "CENTUM-8x"), *ftp("uploadhis", "1111117")]
    packets = tcp(ATTACKER, CONTROLLER, FTP, talk)
    case("credentials-ftp-own", "Own passwords.", packets, {1944005: 1}, [1944220, 1944219])

    token = base64.b64encode(b"admin:moxa").decode()
    for number, line in enumerate(
        (f"Authorization: basic {token}", f"authorization: Basic   {token}")
    ):
        packets = tcp(ATTACKER, CONTROLLER, HTTP, http("GET /", line))
        text = "The scheme in small letters, or blanks after it."
        case(f"credentials-http-form-{number}", text, packets, {1944008: 1, 1944305: 1})
    for name, pair, sid in (
        ("twice", ("USER", "USERUSER"), 1944301),
        ("meter", ("user1", "pass1"), 1944301),
        ("apogee", ("high", "high"), 1944302),
        ("abb", ("service", "ABB800xA"), 1944309),
        ("guest", ("guest", "12345"), 1944318),
        ("openplc", ("openplc", "openplc"), 1944319),
        ("tracer", ("tracer", "tracer"), 1944320),
    ):
        packets = tcp(ATTACKER, CONTROLLER, HTTP, basic(*pair))
        case(f"credentials-http-{name}", "A default pair.", packets, {1944008: 1, sid: 1})

    for name, talk, found in FORMS:
        packets = tcp(ATTACKER, CONTROLLER, HTTP, talk)
        text = "Fields of a login with a default pair."
        quiet = [sid for sid in range(1944401, 1944413) if sid not in found]
        case(f"credentials-form-{name}", text, packets, found, quiet)
    talks = list(NO_FORMS)
    quiet = [sid for sid in OURS if sid not in (1944009, 1944012)]
    found = {1944009: 1}
    text = "Other passwords, hashed ones, settings, a note."
    case("credentials-forms-not", text, flows(HTTP, talks), found, quiet)

    camera = "DESCRIBE rtsp://10.10.20.20/1 RTSP/1.0\r\nCSeq: 2\r\nAuthorization: Basic {}\r\n\r\n"
    for number, pair in enumerate((b"admin:12345", b"admin:Kq7-12345")):
        said = camera.format(base64.b64encode(pair).decode()).encode()
        packets = tcp(ATTACKER, CONTROLLER, 554, [(C, said), (S, b"RTSP/1.0 200 OK\r\n\r\n")])
        case(f"credentials-rtsp-{number}", "RTSP, Basic.", packets, {1944321: 1 - number})

    for name, password, found in (("default", "wago", {1944401: 1}), ("own", "wago-7Q", {})):
        form = http("POST /login", body=f"username=admin&password={password}&go=1")
        packets = tcp(ATTACKER, CONTROLLER, HTTP, form)
        text = f"A login form with a password: {name}."
        case(f"credentials-form-{name}", text, packets, {1944009: 1, **found}, [1944012])
    for name, lines, sid in (
        ("sel", b"ACC\r\nOTTER\r\n", 1944402),
        ("sel-own", b"ACC\r\nPOTTER\r\n", 0),
        ("empty", b"admin\r\n\r\n", 1944403),
    ):
        packets = tcp(ATTACKER, CONTROLLER, TELNET, [*NEGOTIATION, (C, lines)])
        quiet = [other for other in OURS if other not in (sid, 1944002)]
        case(
            f"credentials-telnet-{name}",
            f"Typed: {lines!r}.",
            packets,
            {1944002: 1, **({sid: 1} if sid else {})},
            quiet,
        )
    packets = tcp(ATTACKER, CONTROLLER, FTP, ftp("admin", ""))
    case("credentials-ftp-empty", "No password.", packets, {1944005: 1, 1944404: 1})
    packets = tcp(ATTACKER, CONTROLLER, HTTP, basic("admin", ""))
    case("credentials-http-empty", "No password.", packets, {1944008: 1, 1944405: 1})
    for number, user in enumerate(("WinCCConnect", "WinCCOperator", "WinCCAdmin")):
        login = b"\x10\1\0\x90\0\0\1\0" + bytes(90) + user.encode("utf-16-le") + bytes(20)
        packets = tcp(ATTACKER, CONTROLLER, 1433, [(C, login)])
        found = {1944014: int(number == 0), 1944015: int(number == 2)}
        case(f"credentials-wincc-{number}", "A login to MSSQL.", packets, found)


def refusals() -> None:
    failed = b"\r\nLogin incorrect\r\n"
    talks = [telnet("plantop", f"guess{n}", failed) for n in range(6)]
    shown = {1944001: 1, 1944002: 1}
    case("credentials-telnet-guess", "Six failures.", flows(TELNET, talks), {**shown, 1944003: 1})
    case("credentials-telnet-slip", "Two failures.", flows(TELNET, talks[:2]), shown, [1944003])
    talks = [ftp("plantop", f"guess{n}", b"530 Login incorrect.\r\n") for n in range(7)]
    found = {1944005: 1, 1944007: 1}
    case("credentials-ftp-guess", "Seven failures.", flows(FTP, talks), found)
    case("credentials-ftp-slip", "Two failures.", flows(FTP, talks[:2]), {1944005: 1}, [1944007])
    talks = [basic("plantop", f"guess{n}", "401 Unauthorized") for n in range(9)]
    found = {1944008: 1, 1944010: 1}
    case("credentials-http-guess", "Nine failures.", flows(HTTP, talks), found)
    case("credentials-http-slip", "Two failures.", flows(HTTP, talks[:2]), {1944008: 1}, [1944010])
    asked = [http("GET /", status="401 Unauthorized")] * 9
    case("credentials-http-asked", "Nine asked for a login.", flows(HTTP, asked), silent=OURS)


def others() -> None:
    packets = tcp(ENGINEER, CONTROLLER, FTP, ftp("anonymous", "a@example.org"))
    case("credentials-ftp-anonymous", "Anonymous FTP.", packets, {1944006: 1}, [1944005])
    changed = [*NEGOTIATION, (C, b"passwd\r\n"), (S, b"New password: ")]
    packets = tcp(ENGINEER, CONTROLLER, TELNET, changed)
    case("credentials-passwd", "passwd.", packets, {1944001: 1, 1944002: 1, 1944004: 1})
    packets = tcp(ENGINEER, CONTROLLER, TELNET, [(C, b"show passwords\r\n"), (S, b"none\r\n")])
    case("credentials-passwd-not", "Another command.", packets, silent=OURS)
    digest = http("GET /", 'Authorization: Digest username="op", realm="plc", response="0a"')
    packets = tcp(ENGINEER, CONTROLLER, HTTP, digest)
    case("credentials-http-digest", "A digest login.", packets, {1944011: 1}, [1944008])
    body = "oldpass=a&newpass=b&confirm_password=b"
    packets = tcp(ENGINEER, CONTROLLER, HTTP, http("POST /user", body=body))
    case("credentials-http-change", "Another password.", packets, {1944012: 1}, [1944009])
    packets = tcp(ENGINEER, CONTROLLER, HTTP, http("POST /set", body="compass=12&value=3"))
    case("credentials-http-post", "A form without a password.", packets, silent=OURS)
    bind = (
        bytes.fromhex("302c02010160270201030416") + b"cn=plantop,dc=plant,dc" + b"\x80\x08secret42"
    )
    packets = tcp(ENGINEER, CONTROLLER, 389, [(C, bind)])
    case("credentials-ldap", "A simple bind.", packets, {1944013: 1})
    sasl = bytes.fromhex("301802010160130201030400a30c0404") + b"SPNEGO--"
    packets = tcp(ENGINEER, CONTROLLER, 389, [(C, sasl)])
    case("credentials-ldap-sasl", "A bind by SASL.", packets, silent=OURS)
    plain = [
        tcp(ENGINEER, CONTROLLER, 502, [(C, bytes.fromhex("000100000006010300000002"))]),
        tcp(ENGINEER, CONTROLLER, HTTP, http("GET /values.json"), sport=41001),
        tcp(ENGINEER, CONTROLLER, 2323, [(C, b"admin\r"), (S, b"moxa\r")], sport=41002),
        tcp(ENGINEER, CONTROLLER, FTP, [(S, b"220 ready\r\n"), (C, b"NOOP\r\n")], sport=41003),
    ]
    case("credentials-none", "No login at all.", merged(*plain), silent=OURS)


def make() -> None:
    defaults()
    refusals()
    others()
