"""Messages of S7comm and S7comm-plus, in TPKT and COTP."""


def tpkt(cotp: bytes) -> bytes:
    return b"\x03\x00" + (len(cotp) + 4).to_bytes(2) + cotp


def connect(slot: int = 2, called: bytes | None = None) -> bytes:
    """A COTP connection request to a rack and slot, or to a named TSAP."""
    target = bytes([1, slot]) if called is None else called
    rest = b"\xc0\x01\x0a\xc1\x02\x01\x00\xc2" + bytes([len(target)]) + target
    head = b"\xe0\x00\x00\x00\x01\x00" + rest
    return tpkt(bytes([len(head)]) + head)


def data(message: bytes, last: bool = True) -> bytes:
    return tpkt(b"\x02\xf0" + (b"\x80" if last else b"\x00") + message)


def job(parameters: str, payload: str = "", reference: int = 1, kind: int = 1) -> bytes:
    """A job (1) with its parameters (function first) and data."""
    one, two = bytes.fromhex(parameters), bytes.fromhex(payload)
    head = bytes([0x32, kind, 0, 0]) + reference.to_bytes(2)
    return data(head + len(one).to_bytes(2) + len(two).to_bytes(2) + one + two)


def answer(parameters: str, payload: str = "", error: str = "0000", reference: int = 1) -> bytes:
    """An answer with data (3) and its error class and code."""
    one, two = bytes.fromhex(parameters), bytes.fromhex(payload)
    head = b"\x32\x03\x00\x00" + reference.to_bytes(2) + len(one).to_bytes(2)
    return data(head + len(two).to_bytes(2) + bytes.fromhex(error) + one + two)


def user(group: str, payload: str = "0a000000", long: bool = False) -> bytes:
    """User data: group and subfunction, data; ``long`` is the form with a data unit reference."""
    head, tail = ("00011208 12", "00000000 00") if long else ("000112 0411", "00")
    parameters = (head + group + tail).replace(" ", "")
    return job(parameters, payload, kind=7)


def plus(function: str, body: str = "", version: int = 2) -> bytes:
    """A request of S7comm-plus; version 3 carries a digest of 32 bytes before it."""
    digest = b"\x20" + bytes(range(32)) if version == 3 else b""
    head = b"\x31\x00\x00" + bytes.fromhex(function) + b"\0\0\0\7\0\0\3\xa0\x34"
    inner = head + bytes.fromhex(body)
    content = digest + inner
    trailer = bytes([0x72, version, 0, 0])
    return data(bytes([0x72, version]) + len(content).to_bytes(2) + content + trailer)
