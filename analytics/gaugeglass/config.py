"""Configuration: a TOML file, where an unknown key is an error that names the nearest known one.

Precedence: command line, then ``GAUGEGLASS_<SECTION>_<KEY>`` in the environment, then the file,
then the defaults below.
"""

from __future__ import annotations

import copy
import difflib
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gaugeglass.errors import Told

#: Section -> key -> (default, what it means). ``gaugeglass config show`` prints it commented.
OPTIONS: dict[str, dict[str, tuple[Any, str]]] = {
    "site": {
        "name": ("site", "name of the site in alerts and the report"),
        "local_networks": (
            [],
            "CIDR networks of this site. Empty: private ranges, and every network seen to hold"
            " industrial servers",
        ),
        "control_networks": ([], "CIDR networks of the control zone (Purdue level 0 to 2)"),
    },
    "ingest": {
        "window_seconds": (60, "length of the ledger's time window"),
        "workers": (0, "processes to read logs with; 0: one per core"),
        "memory_mb": (256, "memory each reader's query engine may take, MB, before it spills"),
        "sensor": ("", "name of the sensor; empty: the name of the folder given"),
    },
    "behaviour": {
        "learn_fraction": (0.5, "share of a fresh state's time span that is learned from"),
        "trees": (100, "trees in each isolation forest"),
        "false_alerts_per_day": (1.0, "false alerts a day accepted of behaviour, per site"),
        "seed": (0, "random seed of the models"),
        "maintenance": (
            [],
            "planned work: START/END [ASSET,ASSET...] [note], as"
            ' "2026-11-22T10:00Z/2026-11-22T12:00Z 10.20.1.50 new HMI"; no assets: the whole site',
        ),
        "doubt_from": (
            "low",
            "open alerts from this severity on are not learned from: low, medium or high",
        ),
        "settle_minutes": (60, "minutes after planned work until its new amounts are normal"),
        "modes": (
            [],
            'operating modes, as "night 22:00-06:00" or "weekend sat,sun"; empty: found while'
            " learning",
        ),
        "timezone": ("UTC", "time zone of the operating modes, as Europe/Berlin"),
    },
    "alerts": {
        "incident_gap_minutes": (60, "alerts on shared assets within this gap are one incident"),
        "min_severity": ("info", "alerts below this severity are not written"),
    },
    "detections": {
        "disable": ([], "names of detections that do not run"),
    },
}


class ConfigError(Told, ValueError):
    """The configuration is wrong; the message names the file, the key and the remedy."""


class Config:
    """The settings in force, and where each came from."""

    def __init__(self) -> None:
        self.values: dict[str, dict[str, Any]] = {
            s: {k: copy.copy(d) for k, (d, _) in keys.items()} for s, keys in OPTIONS.items()
        }
        self.origin: dict[tuple[str, str], str] = {}

    def __getitem__(self, section: str) -> Mapping[str, Any]:
        return self.values[section]

    def get(self, dotted: str) -> Any:
        """``get("site.name")``."""
        section, key = dotted.split(".", 1)
        return self.values[section][key]

    def detection(self, name: str) -> Mapping[str, Any]:
        """Options of ``[detections.<name>]``."""
        value = self.values["detections"].get(name, {})
        return value if isinstance(value, dict) else {}

    def set(self, section: str, key: str, value: Any, origin: str) -> None:
        """Take ``value``; raises :class:`ConfigError` for an unknown key or a wrong type."""
        if section not in OPTIONS:
            raise ConfigError(f"{origin}: unknown section [{section}]{_nearest(section, OPTIONS)}")
        if section == "detections" and isinstance(value, dict):
            self.values[section][key] = value
            self.origin[section, key] = origin
            return
        if key not in OPTIONS[section]:
            raise ConfigError(
                f"{origin}: unknown key {key!r} in [{section}]{_nearest(key, OPTIONS[section])}"
            )
        default = OPTIONS[section][key][0]
        if isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if type(value) is not type(default):
            raise ConfigError(
                f"{origin}: {section}.{key} must be a {type(default).__name__},"
                f" not {type(value).__name__} ({value!r})"
            )
        self.values[section][key] = value
        self.origin[section, key] = origin


def _nearest(word: str, known: Mapping[str, Any]) -> str:
    close = difflib.get_close_matches(word, list(known), n=1)
    return f"; did you mean {close[0]!r}?" if close else f"; known: {', '.join(known)}"


def load(path: Path | None = None, environ: Mapping[str, str] = os.environ) -> Config:
    """Read the file (if any) and the environment. Raises :class:`ConfigError`."""
    config = Config()
    if path is not None:
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
        except OSError as err:
            raise ConfigError(f"{path}: cannot be read: {err.strerror}") from err
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as err:
            raise ConfigError(f"{path}: not valid TOML: {err}") from err
        for section, body in data.items():
            if not isinstance(body, dict):
                raise ConfigError(f"{path}: {section!r} must stand in a [section]")
            for key, value in body.items():
                config.set(section, key, value, str(path))
    for section, keys in OPTIONS.items():
        for key in keys:
            name = f"GAUGEGLASS_{section}_{key}".upper()
            if name in environ:
                config.set(section, key, _parse(environ[name], keys[key][0]), f"${name}")
    return config


def _parse(text: str, default: Any) -> Any:
    """An environment variable's text as the default's type (TOML syntax, or bare for a string)."""
    if isinstance(default, str):
        return text
    if isinstance(default, list) and not text.startswith("["):
        return [part.strip() for part in text.split(",") if part.strip()]
    try:
        return tomllib.loads(f"v = {text}")["v"]
    except tomllib.TOMLDecodeError:
        return text
