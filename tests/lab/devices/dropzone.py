"""The attackers' server outside: takes uploads over HTTP, and beacons over TLS."""

from __future__ import annotations

import datetime as dt
import ssl
import tempfile
import threading
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ..node import Node
from ..web import WebServer, fixed


def certificate() -> bytes:
    """A key and a self-signed certificate, as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "cdn-telemetry.example")])
    start = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + dt.timedelta(days=90))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private + made.public_bytes(serialization.Encoding.PEM)


def main(node: Node) -> None:
    """Serve until the process is ended."""
    upload = WebServer(node, "nginx", {("POST", "/u"): fixed("text/plain", b"ok")})
    threading.Thread(target=upload.serve_forever, daemon=True).start()
    beacon = WebServer(node, "nginx", {("GET", "/p"): fixed("text/plain", b"sleep 1")}, port=443)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.NamedTemporaryFile() as file:
        Path(file.name).write_bytes(certificate())
        context.load_cert_chain(file.name)
    beacon.socket = context.wrap_socket(beacon.socket, server_side=True)
    beacon.serve_forever()
