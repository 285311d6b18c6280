"""What every command has at hand: the state folder, the settings, and a place for progress."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from gaugeglass.config import Config
from gaugeglass.formats.clean import clean

DEFAULT_STATE = Path("gaugeglass-state")


class Moment(click.ParamType):  # type: ignore[type-arg,unused-ignore]
    """A time: RFC 3339, or a date; without a zone it is UTC."""

    name = "time"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """UTC without zone, as the ledger writes time."""
        if isinstance(value, datetime):
            return value
        try:
            when = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is not a time such as 2026-11-22T06:00:00Z", param, ctx)
        return when.astimezone(UTC).replace(tzinfo=None) if when.tzinfo else when


class App:
    """The command line's context object."""

    def __init__(self, state: Path | None, config: Config, quiet: bool) -> None:
        self.given_state, self.config, self.quiet = state, config, quiet
        self.err = Console(stderr=True, quiet=quiet, highlight=False, markup=False)

    @property
    def state(self) -> Path:
        """The state folder in force."""
        return self.given_state or DEFAULT_STATE

    def say(self, text: str = "", style: str | None = None) -> None:
        """A line for the person, on stderr."""
        self.err.print(clean(text, 2000), style=style, soft_wrap=True)

    @contextmanager
    def progress(self, what: str) -> Iterator[Bar]:
        """A progress bar on stderr where that is a terminal, else nothing."""
        if self.quiet or not sys.stderr.isatty():
            yield Bar(None)
            return
        columns = (
            TextColumn("{task.description}"), BarColumn(),
            TextColumn("{task.percentage:3.0f}%"), TimeElapsedColumn(),
            TextColumn("{task.fields[at]}"),
        )  # fmt: skip
        with Progress(*columns, console=self.err, transient=True) as progress:
            yield Bar(progress, what)


class Bar:
    """A bar that can be told where things stand."""

    def __init__(self, progress: Progress | None, what: str = "") -> None:
        self._progress = progress
        self._task = progress.add_task(what, total=None, at="") if progress else None

    def __call__(self, done: int, total: int, at: str) -> None:
        """``done`` of ``total``, busy with ``at``."""
        if self._progress is not None and self._task is not None:
            text = clean(at, 40)
            self._progress.update(self._task, completed=done, total=total or 1, at=text)


def parse_duration(text: str) -> float:
    """Seconds of ``90s``, ``15m``, ``6h`` or ``2d``."""
    units = {"s": 1, "m": 60, "h": 3600, "d": 86400}
    try:
        return float(text[:-1]) * units[text[-1]]
    except (ValueError, KeyError, IndexError) as err:
        raise click.BadParameter(f"{text!r} is not a duration such as 6h or 30m") from err
