"""A connection to ``zeek-scripts/link.zeek``: Zeek's WebSocket API, through zeekpy.

zeekpy publishes and dispatches events. The connection itself is made here, because zeekpy can
neither trust a site's own CA nor show a client certificate, and goes through a proxy where the
environment names one.
"""

from __future__ import annotations

import json
import re
import ssl
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gaugeglass import __version__
from gaugeglass.errors import Told

PORT = 27759
REMEDY = "is Zeek running there with zeek-scripts/link.zeek loaded?"
_ADDRESS = re.compile(r"(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<host>[^\s:/\[\]@]+))(?::(?P<port>\d+))?")


class LinkError(Told, RuntimeError):
    """The sensor can't be reached, or doesn't answer; the message names it and the remedy."""


class Misunderstood(LinkError):
    """The sensor answers in another version's words; trying again is no use."""

    def __init__(self, to: Address) -> None:
        super().__init__(
            f"{to}: the sensor answers in another version's words; load zeek-scripts/link.zeek of"
            f" version {__version__} there"
        )


@dataclass(frozen=True)
class Address:
    """A sensor's management address, and what TLS needs (``tls`` None: no TLS)."""

    host: str
    port: int = PORT
    tls: ssl.SSLContext | None = None
    timeout: float = 10.0

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"

    @property
    def uri(self) -> str:
        """Of the JSON encoding, the only one that there is."""
        return f"{'ws' if self.tls is None else 'wss'}://{self}/v1/messages/json"


def address(
    text: str, timeout: float = 10.0, tls: bool = False, ca: Path | None = None,
    cert: Path | None = None, key: Path | None = None,
) -> Address:  # fmt: skip
    """The address in ``HOST``, ``HOST:PORT`` or ``[IPV6]:PORT``; a CA or certificate means TLS.

    Raises ValueError for another text, OSError for certificates that can't be read.
    """
    found = _ADDRESS.fullmatch(text.strip())
    if found is None or not 0 < int(found["port"] or PORT) < 65536:
        raise ValueError(f"{text!r} is no address such as 127.0.0.1:{PORT}")
    context = None
    if tls or ca or cert:
        context = ssl.create_default_context(cafile=ca)
        if cert:
            context.load_cert_chain(cert, key)
    return Address(found["v6"] or found["host"], int(found["port"] or PORT), context, timeout)


@contextmanager
def linked(to: Address, topics: list[str]) -> Iterator[Any]:
    """A ``zeekpy.Zeek`` that is connected and subscribed to ``topics``.

    Raises LinkError where that fails, and when the connection ends or the sensor objects inside.
    """
    try:
        import zeekpy
        from websockets.exceptions import ConnectionClosed
    except ImportError as err:
        raise LinkError(
            f"{to}: zeekpy is not installed here; pip install 'gaugeglass[sensor]'"
        ) from err
    with ExitStack() as stack:
        ws = _connect(to, topics, stack)
        zeek = zeekpy.Zeek(to.uri, topics=topics, timeout=to.timeout, ws=ws)
        stack.push(zeek.__exit__)
        try:
            yield zeek
        except ConnectionClosed as err:
            raise LinkError(f"{to}: the sensor closed the connection ({err}); {REMEDY}") from err
        except zeekpy.Error as err:
            raise LinkError(
                f"{to}: the sensor's Zeek refused the message ({_reason(err)}); load"
                f" zeek-scripts/link.zeek of version {__version__} there"
            ) from err


def _connect(to: Address, topics: list[str], stack: ExitStack) -> Any:
    """An open WebSocket whose subscription is acknowledged; ``stack`` closes it."""
    from websockets.exceptions import ConnectionClosed, InvalidHandshake
    from websockets.sync.client import connect

    try:
        connection = connect(
            to.uri, ssl=to.tls, proxy=None, open_timeout=to.timeout, close_timeout=2.0,
            additional_headers={"X-Application-Name": "gaugeglass"},
        )  # fmt: skip
        ws = stack.enter_context(connection)
    except ssl.SSLError as err:
        raise LinkError(
            f"{to}: TLS failed ({err}); name the sensor's CA with --ca, or leave TLS out where"
            " OTLink::tls_options has no certificate"
        ) from err
    except (InvalidHandshake, EOFError) as err:
        if to.tls is None:
            remedy = "check host and port, and --tls where OTLink::tls_options has a certificate"
        else:
            remedy = "check host and port, and --cert where it asks for a certificate"
        raise LinkError(f"{to}: this is not Zeek's WebSocket API ({err}); {remedy}") from err
    except OSError as err:
        why = str(err) or type(err).__name__
        raise LinkError(
            f"{to}: no connection ({why}); {REMEDY} It listens on the sensor's loopback address:"
            f" from elsewhere, ssh -L {to.port}:127.0.0.1:{PORT} SENSOR"
        ) from err
    try:
        ws.send(json.dumps(topics))
        ack = json.loads(ws.recv(timeout=to.timeout))
        if not isinstance(ack, dict) or ack.get("type") != "ack":
            raise ValueError("its first message is no acknowledgement")
    except (ConnectionClosed, TimeoutError, ValueError) as err:
        raise LinkError(
            f"{to}: this is not Zeek's WebSocket API ({str(err) or 'no answer'});"
            " check host and port"
        ) from err
    return ws


def _reason(err: Exception) -> str:
    message = err.args[-1] if err.args else None
    if isinstance(message, dict):
        return ": ".join(str(message[k]) for k in ("code", "context") if k in message)
    return str(err)


def plain(value: Mapping[str, Any]) -> Any:
    """A value as Zeek writes it in JSON, without its types: records and vectors are lists."""
    kind, data = value["@data-type"], value.get("data")
    if kind == "none":
        return None
    if kind in ("vector", "set"):
        return [plain(item) for item in data or ()]
    if kind == "table":
        return {plain(item["key"]): plain(item["value"]) for item in data or ()}
    return data
