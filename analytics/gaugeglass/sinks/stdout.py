"""``stdout:``: one line per alert on standard output. ``?format=ecs|ocsf|cef|csv``."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from gaugeglass.alerts.model import Alert
from gaugeglass.formats.render import FORMATS, header, render
from gaugeglass.sinks.base import Context, Delivery
from gaugeglass.sinks.url import SinkUrl

SCHEMES = ("stdout",)


class StdoutSink:
    """Writes lines to standard output."""

    def __init__(self, fmt: str) -> None:
        self.name = "stdout:"
        self._fmt = fmt
        self._header = header(fmt)

    def send(self, alerts: Sequence[Alert], context: Context) -> Delivery:
        """Print; a reader that has gone away is a failure, not an exception."""
        lines = [render(a, self._fmt, context.assets, context.site) for a in alerts]
        if self._header and lines:
            lines.insert(0, self._header)
        try:
            sys.stdout.writelines(f"{text}\n" for text in lines)
            sys.stdout.flush()
        except OSError as err:
            reason = f"sink {self.name}: {err.strerror}; nobody reads the output any more"
            return Delivery(failed=tuple(a.id for a in alerts), error=reason)
        self._header = ""
        return Delivery(sent=tuple(a.id for a in alerts))

    def close(self) -> None:
        """Nothing to let go of: standard output is not ours."""


def open_url(url: SinkUrl) -> StdoutSink:
    """``stdout:`` with an optional format."""
    fmt = url.choice("format", FORMATS, "ecs")
    if url.host or url.path:
        raise url.error("takes no path; write stdout: alone")
    url.finish()
    return StdoutSink(fmt)
