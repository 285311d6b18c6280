"""Where alerts go. One file per sink; see ``base`` for what a sink is."""

from gaugeglass.sinks.base import Context, Delivery, Sink, SinkError, open_sink, schemes
from gaugeglass.sinks.deliver import deliver

__all__ = ["Context", "Delivery", "Sink", "SinkError", "deliver", "open_sink", "schemes"]
