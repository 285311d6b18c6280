"""What a suricata.yaml comes to: the value of every setting, by its full name with dots.

Suricata itself says it (``--dump-config``); without Suricata the yaml is read here, with the same
rules: a key with dots sets one value, any other key replaces what stood there, and ``include``
reads other files in its place.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from gaugeglass.errors import Told

Settings = Mapping[str, str]

TRUE = frozenset({"1", "yes", "true", "on"})


class SettingsError(Told, ValueError):
    """A suricata.yaml that cannot be read; says which and why."""


def of_suricata(suricata: str, conf: Path, includes: Sequence[Path] = ()) -> dict[str, str]:
    """The settings as the Suricata at this path takes them.

    :raises SettingsError: it refuses the file; the message is its own
    """
    more = [part for path in includes for part in ("--include", str(path.resolve()))]
    done = subprocess.run(
        [suricata, "-c", str(conf), *more, "--dump-config"],
        capture_output=True, text=True, errors="replace", check=False,
    )  # fmt: skip
    if done.returncode:
        raise SettingsError(
            f"{suricata} does not read {conf}: {(done.stderr + done.stdout)[-500:]}"
        )
    lines = (line.partition(" = ") for line in done.stdout.splitlines())
    return {key: value for key, equals, value in lines if equals and value != "(null)"}


def of_file(conf: Path, includes: Sequence[Path] = ()) -> dict[str, str]:
    """The settings of a yaml and the files it includes, read without Suricata.

    :raises SettingsError: a file is missing or is no yaml
    """
    tree: dict[str, Any] = {}
    for path in (conf, *includes):
        _load(path, tree, depth=0)
    return dict(_flat(tree, ""))


class _Pairs(yaml.SafeLoader):
    """Mappings as lists of pairs, scalars as text: order and repeats matter, types do not."""


def _pairs(loader: _Pairs, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return [
            (str(loader.construct_object(k, deep=True)), loader.construct_object(v, deep=True))
            for k, v in node.value
        ]
    if isinstance(node, yaml.SequenceNode):
        return tuple(loader.construct_object(item, deep=True) for item in node.value)
    return loader.construct_scalar(node)  # type: ignore[arg-type]


for _tag in ("map", "seq", "str", "bool", "int", "float", "null", "timestamp", "merge", "value"):
    _Pairs.add_constructor(f"tag:yaml.org,2002:{_tag}", _pairs)


def _load(path: Path, tree: dict[str, Any], depth: int) -> None:
    if depth > 10:
        raise SettingsError(f"{path}: included by itself")
    try:
        said = yaml.load(path.read_text(encoding="utf-8"), Loader=_Pairs)  # noqa: S506 a SafeLoader
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is no yaml: {error}") from error
    if isinstance(said, list):
        _merge(said, tree, path, depth)


def _merge(pairs: list[tuple[str, Any]], tree: dict[str, Any], path: Path, depth: int) -> None:
    for key, value in pairs:
        if key == "include":
            for name in value if isinstance(value, tuple) else (value,):
                _load(path.parent / str(name), tree, depth + 1)
            continue
        node = tree
        *above, last = key.split(".")
        for part in above:
            inner = node.setdefault(part, {})
            if not isinstance(inner, dict):
                inner = node[part] = {}
            node = inner
        node[last] = _tree(value, path, depth)


def _tree(value: Any, path: Path, depth: int) -> Any:
    if isinstance(value, list):
        node: dict[str, Any] = {}
        _merge(value, node, path, depth)
        return node
    if isinstance(value, tuple):
        return {str(number): _item(item, path, depth) for number, item in enumerate(value)}
    return str(value)


def _item(item: Any, path: Path, depth: int) -> Any:
    """One item of a list; of a mapping Suricata also tells the first key, as the item's value."""
    node = _tree(item, path, depth)
    if isinstance(node, dict) and isinstance(item, list) and item:
        node[""] = str(item[0][0])
    return node


def _flat(tree: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        elif value:
            yield f"{prefix}{key}" if key else prefix[:-1], value


def is_on(settings: Settings, key: str, default: bool = False) -> bool:
    """Whether a switch is on; ``detection-only`` is on too."""
    value = settings.get(key, "").strip().lower()
    return value in TRUE or value == "detection-only" if value else default


def eve_logs(settings: Settings) -> list[str]:
    """Prefixes of the EVE outputs that are on, as ``outputs.1.eve-log``."""
    found = {
        ".".join(key.split(".")[:3])
        for key in settings
        if key.startswith("outputs.") and key.split(".")[2:3] == ["eve-log"]
    }
    return sorted(p for p in found if is_on(settings, f"{p}.enabled", True))
