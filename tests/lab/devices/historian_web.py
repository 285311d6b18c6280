"""The historian's report pages, which the office reads."""

from __future__ import annotations

from ..node import Node
from ..web import WebServer, fixed


def main(node: Node) -> None:
    """Serve until the process is ended."""
    report = b"<html><table>" + b"<tr><td>supply</td><td>82.4</td></tr>" * 60 + b"</table></html>"
    pages = {
        ("GET", "/reports/daily"): fixed("text/html", report),
        ("GET", "/api/v1/trend"): fixed("application/json", b'{"values":[82.1,82.4,82.2]}'),
    }
    WebServer(node, "Microsoft-IIS/10.0", pages).serve_forever()
