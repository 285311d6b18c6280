"""A sensor's Zeek as far as the link sees it: Zeek's WebSocket API, spoken by a thread."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from websockets.sync.server import ServerConnection, serve

from gaugeglass.sensor.link import Address


def wire(value: Any) -> dict[str, Any]:
    """A value as Zeek writes it."""
    kinds = {bool: "boolean", int: "count", float: "real", str: "string"}
    if value is None:
        return {"@data-type": "none", "data": {}}
    if isinstance(value, list):
        return {"@data-type": "vector", "data": [wire(v) for v in value]}
    if isinstance(value, dict):
        pairs = [{"key": wire(k), "value": wire(v)} for k, v in value.items()]
        return {"@data-type": "table", "data": pairs}
    return {"@data-type": kinds[type(value)], "data": value}


def event(topic: str, name: str, args: list[Any]) -> str:
    """An event in Zeek's envelope."""
    body = {"@data-type": "vector", "data": [wire(name), wire(args)]}
    return json.dumps(
        {"type": "data-message", "topic": topic, "@data-type": "vector",
         "data": [wire(1), wire(1), body]}
    )  # fmt: skip


class Fake:
    """What was subscribed to and published, and how it is answered."""

    def __init__(self) -> None:
        self.subscribed: list[list[str]] = []
        self.published: list[tuple[str, list[Any]]] = []
        self.linked: Callable[[ServerConnection], None] = lambda ws: None
        self.answer: Callable[[ServerConnection, str, str, list[Any]], None] = (
            lambda ws, topic, name, args: None
        )
        self.ack: Any = {"type": "ack", "endpoint": "fake", "version": "8.0.10"}

    def serve(self, ws: ServerConnection) -> None:
        topics = json.loads(ws.recv())
        self.subscribed.append(topics)
        ws.send(json.dumps(self.ack))
        self.linked(ws)
        for message in ws:
            name, args = json.loads(message)["data"][2]["data"]
            self.published.append((name["data"], args["data"]))
            self.answer(ws, topics[0], name["data"], args["data"])


@contextmanager
def running(fake: Fake, timeout: float = 10.0) -> Iterator[Address]:
    """``fake`` behind a port of the loopback address."""
    with serve(fake.serve, "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield Address("127.0.0.1", server.socket.getsockname()[1], timeout=timeout)
        finally:
            server.shutdown()
            thread.join()
