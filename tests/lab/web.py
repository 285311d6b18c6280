"""A small web server for the lab's devices: fixed pages, basic auth, uploads.

Real HTTP by the standard library; only the pages and the Server header are ours.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from .node import Node

# What the plant's people browse with; the stack's own name would be in every log.
BROWSER = {"User-Agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36"}

Page = Callable[["Handler"], tuple[int, str, bytes]]


class Handler(BaseHTTPRequestHandler):
    """Answers from the server's pages, after checking credentials if there are any."""

    protocol_version = "HTTP/1.1"
    server: WebServer
    body: bytes = b""

    def version_string(self) -> str:
        """The Server header that the device would send."""
        return self.server.banner

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: stdout belongs to run.py."""

    def _authorised(self) -> bool:
        if not self.server.credentials:
            return True
        header = self.headers.get("Authorization", "")
        wanted = [base64.b64encode(pair.encode()).decode() for pair in self.server.credentials]
        return header.startswith("Basic ") and header[6:] in wanted

    def _answer(self) -> None:
        self.body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        page = self.server.pages.get((self.command, self.path.split("?")[0]))
        if not self._authorised():
            status, kind, content = 401, "text/html", b"<html>401 Unauthorized</html>"
        elif page is None:
            status, kind, content = 404, "text/html", b"<html>404 Not Found</html>"
        else:
            status, kind, content = page(self)
        self.send_response(status)
        if status == 401:
            self.send_header("WWW-Authenticate", f'Basic realm="{self.server.realm}"')
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = _answer


class WebServer(ThreadingHTTPServer):
    """Pages by method and path, with optional basic credentials `user:password`."""

    daemon_threads = True

    def __init__(
        self,
        node: Node,
        banner: str,
        pages: dict[tuple[str, str], Page],
        credentials: tuple[str, ...] = (),
        port: int = 80,
    ) -> None:
        """Bind to the host's own address."""
        super().__init__((node.ip, port), Handler)
        self.banner, self.pages, self.credentials = banner, pages, credentials
        self.realm = node.host.model


def fixed(kind: str, content: bytes) -> Page:
    """A page that never changes."""
    return lambda _: (200, kind, content)
