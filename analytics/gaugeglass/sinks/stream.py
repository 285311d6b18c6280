"""A TCP or TLS connection that is made when needed and knows whether what it sent arrived."""

from __future__ import annotations

import contextlib
import fcntl
import socket
import ssl
import struct
import sys
import time

_SIOCOUTQ = 0x5411  # Linux: bytes sent that the peer has not acknowledged


class Stream:
    """One connection to ``to``. Every error is an :class:`OSError`, and drops the connection."""

    def __init__(
        self,
        to: tuple[str, int],
        timeout: float,
        tls: ssl.SSLContext | None = None,
        server_name: str = "",
    ) -> None:
        self._to = to
        self._timeout = timeout
        self._tls = tls
        self._server_name = server_name
        self._sock: socket.socket | None = None

    def send(self, data: bytes) -> None:
        """Send all of ``data`` and wait until the peer's system has acknowledged it."""
        try:
            if self._sock is not None and self._hung_up(self._sock):
                self._drop()
            if self._sock is None:
                self._sock = self._connect()
            self._sock.sendall(data)
            self._acknowledged(self._sock)
        except OSError:
            self._drop()
            raise

    def close(self) -> None:
        """Say that nothing follows, and wait a little for the peer to have read it all."""
        if self._sock is not None:
            with contextlib.suppress(OSError):
                self._sock.settimeout(min(2.0, self._timeout))
                if isinstance(self._sock, ssl.SSLSocket):
                    self._sock = self._sock.unwrap()
                self._sock.shutdown(socket.SHUT_WR)
                while self._sock.recv(4096):
                    pass
        self._drop()

    def _connect(self) -> socket.socket:
        sock = socket.create_connection(self._to, self._timeout)
        try:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            if self._tls is not None:
                return self._tls.wrap_socket(sock, server_hostname=self._server_name)
        except BaseException:
            sock.close()
            raise
        return sock

    def _hung_up(self, sock: socket.socket) -> bool:
        """Whether the peer has closed. It never says anything, so whatever comes is dropped."""
        sock.setblocking(False)
        try:
            while sock.recv(4096):
                pass
            return True
        except (BlockingIOError, ssl.SSLWantReadError):
            return False
        except OSError:
            return True
        finally:
            sock.settimeout(self._timeout)

    def _acknowledged(self, sock: socket.socket) -> None:
        if not sys.platform.startswith("linux"):
            return  # sent is all that can be known elsewhere
        end = time.monotonic() + self._timeout
        pause = 0.0005
        while True:
            waiting: int
            (waiting,) = struct.unpack("i", fcntl.ioctl(sock.fileno(), _SIOCOUTQ, b"\0" * 4))
            if waiting == 0:
                break
            if time.monotonic() > end:
                raise TimeoutError("not acknowledged")
            time.sleep(pause)
            pause = min(0.05, pause * 2)
        if error := sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            raise OSError(error, "connection lost")

    def _drop(self) -> None:
        if self._sock is not None:
            self._sock.close()
            self._sock = None
