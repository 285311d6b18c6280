"""Record what a real client and a real server say, to lay it on the deterministic wire.

A tap is a TCP relay on the loopback: the client connects to ``tap.port``, the tap to the server,
and ``tap.exchange`` holds ``(direction, bytes)`` in the order they went by::

    with Tap(5020) as tap:
        client = ModbusTcpClient("127.0.0.1", port=tap.port)
        ...
    packets = tcp(HMI, PLC, 502, tap.exchange)
"""

import contextlib
import selectors
import socket
import threading

from .wire import C, S


class Tap:
    """A relay to ``host:port`` for one session after another; each is one list in ``sessions``."""

    def __init__(self, port: int, host: str = "127.0.0.1") -> None:
        self.target = (host, port)
        self.sessions: list[list[tuple[str, bytes]]] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._threads: list[threading.Thread] = []

    @property
    def exchange(self) -> list[tuple[str, bytes]]:
        """What was said in all sessions, one after the other."""
        return [piece for session in self.sessions for piece in session]

    def __enter__(self) -> "Tap":
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        # shutdown wakes the accept below; close alone would not
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(timeout=2)

    def _start(self, target: object, *arguments: object) -> None:
        thread = threading.Thread(target=target, args=arguments, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            session: list[tuple[str, bytes]] = []
            self.sessions.append(session)
            self._start(self._relay, client, socket.create_connection(self.target), session)

    @staticmethod
    def _relay(
        client: socket.socket, server: socket.socket, session: list[tuple[str, bytes]]
    ) -> None:
        with selectors.DefaultSelector() as waiting, client, server:
            waiting.register(client, selectors.EVENT_READ, (C, server))
            waiting.register(server, selectors.EVENT_READ, (S, client))
            while True:
                for key, _ in waiting.select():
                    side, other = key.data
                    try:
                        data = key.fileobj.recv(65536)  # type: ignore[union-attr]
                        if data:
                            session.append((side, data))
                            other.sendall(data)
                            continue
                    except OSError:
                        pass
                    return
