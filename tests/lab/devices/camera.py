"""An IP camera: a web interface with its factory password still set."""

from __future__ import annotations

from ..node import Node
from ..web import Handler, WebServer, fixed

CREDENTIALS = ("admin:12345", "viewer:Gate-2031")
COMMENT_SIZE = 2600
# A JPEG whose content is one comment segment: dissectors find it well formed.
JPEG_HEAD = (
    b"\xff\xd8\xff\xe0\x00\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0"
    + b"\xff\xfe"
    + (COMMENT_SIZE + 2).to_bytes(2, "big")
)
JPEG_END = b"\xff\xd9"


def main(node: Node) -> None:
    """Serve until the process is ended."""
    information = (
        f"<DeviceInfo><deviceName>{node.name}</deviceName><model>{node.host.model}</model>"
        f"<firmwareVersion>{node.host.firmware}</firmwareVersion>"
        f"<macAddress>{node.host.mac}</macAddress></DeviceInfo>"
    ).encode()

    def picture(_: Handler) -> tuple[int, str, bytes]:
        return 200, "image/jpeg", JPEG_HEAD + node.rng.randbytes(COMMENT_SIZE) + JPEG_END

    pages = {
        ("GET", "/"): fixed("text/html", b"<html><title>index</title></html>"),
        ("GET", "/ISAPI/System/deviceInfo"): fixed("application/xml", information),
        ("GET", "/ISAPI/Streaming/channels/101/picture"): picture,
        ("GET", "/ISAPI/Security/users"): fixed(
            "application/xml", b"<UserList><User>admin</User></UserList>"
        ),
        ("PUT", "/ISAPI/System/Network/telnetd"): fixed(
            "application/xml", b"<ResponseStatus>OK</ResponseStatus>"
        ),
    }
    WebServer(node, "App-webs/", pages, CREDENTIALS).serve_forever()
