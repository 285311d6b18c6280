"""``syslog+udp://``, ``syslog+tcp://``, ``syslog+tls://HOST:PORT``: RFC 5424 messages.

Options: ``format`` (ecs, cef, ocsf), ``facility`` (local0), ``hostname`` (this machine's),
``max`` (bytes of a message; 8192 is what a stock rsyslog takes), ``timeout`` (seconds),
``retries``; for TLS ``ca`` (the receiver's authority; default the system's), ``cert`` and ``key``
(to show who we are) and ``server_name`` (the name in the receiver's certificate).
The receiver's certificate is always verified.

TCP and TLS frame by octet counting. A batch counts as sent once the receiver's system has
acknowledged all of it; a connection that broke is made again, with growing pauses, and the whole
batch repeated. UDP (RFC 5426) cannot know whether anything arrived.
"""

from __future__ import annotations

import os
import socket
import ssl
import time
from collections.abc import Sequence

from gaugeglass.alerts.model import Alert
from gaugeglass.formats.rfc5424 import FACILITIES, SMALLEST_MESSAGE, message, octet_counted
from gaugeglass.sinks.base import Context, Delivery
from gaugeglass.sinks.stream import Stream
from gaugeglass.sinks.url import SinkUrl

SCHEMES = ("syslog+udp", "syslog+tcp", "syslog+tls")

_PORT = {"syslog+udp": 514, "syslog+tcp": 514, "syslog+tls": 6514}
_MOST_UDP = 65507
#: Seconds before the first repeat; doubled for each further one.
_PAUSE = 0.5


class SyslogSink:
    """Sends messages to one receiver."""

    def __init__(self, url: SinkUrl) -> None:
        udp = url.scheme == "syslog+udp"
        if not url.host:
            raise url.error(f"names no host; write {url.scheme}://HOST:PORT")
        if url.path not in ("", "/"):
            raise url.error("takes no path; write its options after '?'")
        port = url.port if url.port is not None else _PORT[url.scheme]
        self._to = (url.host, port)
        shown = f"[{url.host}]" if ":" in url.host else url.host
        self.name = f"{url.scheme}://{shown}:{port}"
        self._fmt = url.choice("format", ("ecs", "cef", "ocsf"), "ecs")
        self._facility = url.choice("facility", FACILITIES, "local0")
        self._hostname = url.text("hostname") or socket.gethostname()
        self._size = url.number("max", SMALLEST_MESSAGE, _MOST_UDP if udp else 1 << 20, 8192)
        self._timeout = url.number("timeout", 1, 120, 10)
        self._retries = url.number("retries", 0, 10, 3)
        tls = _tls(url) if url.scheme == "syslog+tls" else None
        server_name = url.text("server_name", url.host) if tls else ""
        url.finish()
        self._stream = None if udp else Stream(self._to, self._timeout, tls, server_name)

    def send(self, alerts: Sequence[Alert], context: Context) -> Delivery:
        """Send the batch; repeat it on a new connection if the old one broke."""
        ids = tuple(a.id for a in alerts)
        data = [
            message(a, self._fmt, context.assets, context.site, facility=self._facility,
                    hostname=self._hostname, size=self._size)
            for a in alerts
        ]  # fmt: skip
        for attempt in range(self._retries + 1):
            if attempt:
                time.sleep(_PAUSE * 2 ** (attempt - 1))
            try:
                if self._stream is None:
                    self._datagrams(data)
                else:
                    self._stream.send(b"".join(map(octet_counted, data)))
                return Delivery(sent=ids)
            except OSError as err:
                trouble = err
                if isinstance(err, ssl.SSLCertVerificationError):
                    break  # asking again does not make the certificate good
        return Delivery(failed=ids, error=f"sink {self.name}: {_remedy(trouble)}")

    def close(self) -> None:
        """End the connection after everything has arrived."""
        if self._stream is not None:
            self._stream.close()

    def _datagrams(self, data: Sequence[bytes]) -> None:
        family, kind, proto, _, where = socket.getaddrinfo(*self._to, type=socket.SOCK_DGRAM)[0]
        with socket.socket(family, kind, proto) as sock:
            sock.settimeout(self._timeout)
            sock.connect(where)  # so that a closed port is reported to us, where it is
            for datagram in data:
                sock.send(datagram)
            if error := sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
                raise OSError(error, os.strerror(error))


def open_url(url: SinkUrl) -> SyslogSink:
    """A receiver; it is connected to at the first alert."""
    return SyslogSink(url)


def _tls(url: SinkUrl) -> ssl.SSLContext:
    ca, cert, key = url.text("ca"), url.text("cert"), url.text("key")
    if key and not cert:
        raise url.error("has a key without cert; give both")
    try:
        context = ssl.create_default_context(cafile=ca or None)
        if cert:
            context.load_cert_chain(cert, key or None)
    except (OSError, ValueError) as err:
        files = ", ".join(f for f in (ca, cert, key) if f)
        raise url.error(f"{files} cannot be read as PEM ({err}); check the paths") from err
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _remedy(err: OSError) -> str:
    if isinstance(err, ssl.SSLCertVerificationError):
        return (
            f"the receiver's certificate is refused ({err.verify_message}); give the authority"
            " that signed it as ?ca=FILE, or the name in it as ?server_name=NAME"
        )
    if isinstance(err, ssl.SSLError):
        return f"TLS failed ({err.reason or err}); is the receiver's port a TLS port?"
    if isinstance(err, socket.gaierror):
        return "its host name cannot be resolved; check it, or give an address"
    if isinstance(err, ConnectionRefusedError):
        return "nothing listens there; start the receiver or check the port"
    if isinstance(err, TimeoutError):
        return "no answer in time; check the route and the firewall, or raise timeout"
    return f"{err.strerror or err}; check the receiver"
