"""Sink URLs: ``scheme:path?option=value`` or ``scheme://host:port?option=value``, read strictly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from urllib.parse import parse_qsl, unquote, urlsplit

from gaugeglass.errors import Told
from gaugeglass.formats.clean import clean


class SinkError(Told, ValueError):
    """A sink cannot be opened; the message names the sink and the remedy."""


@dataclass
class SinkUrl:
    """A sink's URL in parts. Every option must be asked for before :meth:`finish`."""

    scheme: str
    user: str | None
    password: str | None
    host: str | None
    port: int | None
    path: str
    options: dict[str, str]
    asked: list[str] = field(default_factory=list)

    @classmethod
    def parse(cls, url: str) -> SinkUrl:
        """Split ``url``. Raises :class:`SinkError`."""
        try:
            parts = urlsplit(url)
            port = parts.port
            pairs = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
        except ValueError as err:
            # Not the URL itself: it may hold a password.
            raise SinkError(f"sink {clean(url.split(':')[0])!r}: not a URL: {clean(err)}") from err
        if not parts.scheme or ":" not in url:
            raise SinkError(
                f"sink {clean(url)!r}: not a URL; write for example file:alerts.jsonl or stdout:"
            )
        if parts.fragment:
            raise SinkError(f"sink {parts.scheme!r}: '#' in the URL; write %23 for it")
        options = dict(pairs)
        if len(options) != len(pairs):
            raise SinkError(f"sink {parts.scheme!r}: an option is given twice")
        user, password = parts.username, parts.password
        return cls(
            parts.scheme,
            unquote(user) if user is not None else None,
            unquote(password) if password is not None else None,
            parts.hostname,
            port,
            unquote(parts.path),
            options,
        )

    @property
    def shown(self) -> str:
        """The URL without user, password and options: fit for messages and for a sink's name."""
        host = f"[{self.host}]" if self.host and ":" in self.host else self.host
        port = f":{self.port}" if self.port is not None else ""
        place = f"//{host}{port}" if host else ""
        return clean(f"{self.scheme}:{place}{self.path}")

    def text(self, name: str, default: str = "") -> str:
        """The option ``name`` as text."""
        self.asked.append(name)
        return self.options.get(name, default)

    def choice(self, name: str, allowed: Sequence[str], default: str) -> str:
        """The option ``name``, one of ``allowed``."""
        value = self.text(name, default)
        if value not in allowed:
            raise self.error(f"{name}={clean(value)} is not one of {', '.join(allowed)}")
        return value

    def number(self, name: str, least: int, most: int, default: int) -> int:
        """The option ``name`` as a whole number in [least, most]."""
        value = self.text(name, str(default))
        if not value.isascii() or not value.isdigit() or not least <= int(value[:12]) <= most:
            raise self.error(f"{name}={clean(value)} is not a number from {least} to {most}")
        return int(value)

    def finish(self) -> None:
        """Refuse options that nobody asked for. Raises :class:`SinkError`."""
        for name in self.options:
            if name not in self.asked:
                close = get_close_matches(name, self.asked, n=1)
                hint = f"did you mean {close[0]!r}?" if close else ""
                known = f"known: {', '.join(self.asked)}" if self.asked else "it takes none"
                raise self.error(f"unknown option {clean(name)!r}; {hint or known}")

    def error(self, problem: str) -> SinkError:
        """A :class:`SinkError` that names this sink."""
        return SinkError(f"sink {self.shown}: {problem}")
