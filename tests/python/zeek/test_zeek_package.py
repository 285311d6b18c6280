"""The package as a whole: formatted, loaded, silent, and all of it reachable."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from zeekkit import GRAMMARS, ROOT, SCRIPTS

#: What the package does not load, and why.
BY_NAME_ONLY = {"link.zeek": "it opens a port"}

EVERY = sorted(path for path in SCRIPTS.rglob("*.zeek") if path.name != "__load__.zeek")


def loaded(path: Path, seen: set[Path]) -> set[Path]:
    """``path`` and every script that it loads by a relative path."""
    if path in seen:
        return seen
    seen.add(path)
    for target in re.findall(r"^\s*@load\s+(\.\S+)", path.read_text(encoding="utf-8"), re.M):
        folder = (path.parent / target).resolve()
        script = folder.with_name(folder.name + ".zeek")
        script = script if script.exists() else folder / "__load__.zeek"
        assert script.exists(), f"{path} loads {target}"
        loaded(script, seen)
    return seen


def test_formatter_finds_nothing_to_change(tmp_path: Path) -> None:
    copy = tmp_path / "zeek-scripts"
    shutil.copytree(SCRIPTS, copy, ignore=shutil.ignore_patterns("*.hlto"))
    formatter = Path(sys.executable).with_name("zeek-format")
    subprocess.run([formatter, "-i", "-r", copy], check=True, capture_output=True)
    changed = [
        str(path.relative_to(SCRIPTS))
        for path in [*EVERY, SCRIPTS / "__load__.zeek"]
        if path.read_bytes() != (copy / path.relative_to(SCRIPTS)).read_bytes()
    ]
    assert changed == [], "zeek-format -i these"


def test_every_script_is_loaded() -> None:
    left = set(EVERY) - loaded(SCRIPTS / "__load__.zeek", set())
    assert {str(path.relative_to(SCRIPTS)) for path in left} == set(BY_NAME_ONLY)


def test_package_metadata_names_what_is_there() -> None:
    meta = configparser.ConfigParser(interpolation=None)
    meta.read(ROOT / "zkg.meta", encoding="utf-8")
    package = meta["package"]
    assert (ROOT / package["script_dir"] / "__load__.zeek").exists()
    assert (ROOT / "zeek-scripts" / "spicy" / "Makefile").exists()
    assert "spicy" in package["build_command"]
    assert "btest" in package["test_command"]


def test_every_grammar_has_its_events() -> None:
    grammars = {path.stem for path in GRAMMARS.glob("*.spicy")}
    assert grammars == {path.stem for path in GRAMMARS.glob("*.evt")}


def named(path: Path) -> tuple[str, set[str]]:
    """The module in a grammar's file, and those that it imports."""
    text = path.read_text(encoding="utf-8")
    (module,) = re.findall(r"^module (\w+);", text, re.M)
    return module, set(re.findall(r"^import (\w+);", text, re.M))


def test_every_part_of_a_grammar_belongs_to_it() -> None:
    """Nothing is compiled for nothing, and a protocol alone has all that it imports."""
    for folder in {path.parent for path in GRAMMARS.rglob("*.spicy")} - {GRAMMARS}:
        parts = dict(map(named, folder.glob("*.spicy")))
        whole, wanted = named(folder.with_suffix(".spicy"))
        while more := set().union(*(parts[name] for name in wanted & parts.keys())) - wanted:
            wanted |= more
        assert wanted - {whole, "spicy", "zeek"} == parts.keys(), folder.name


def test_modules_of_grammars_have_names_of_their_own() -> None:
    """Compiled apart, they still share the names of one running Zeek."""
    modules = [named(path)[0] for path in GRAMMARS.rglob("*.spicy")]
    assert len(set(modules)) == len(modules)
    assert all(module.startswith("OT") for module in modules)


def quiet(zeek: str, folder: Path, *arguments: str | Path) -> None:
    ran = subprocess.run(
        [zeek, *map(str, arguments)], cwd=folder, capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


@pytest.mark.zeek
def test_loading_prints_nothing(zeek: str, analyzers: Path, tmp_path: Path) -> None:
    quiet(zeek, tmp_path, "-b", "-a", analyzers / "all.hlto", "base/init-default.zeek", SCRIPTS)
    quiet(zeek, tmp_path, analyzers / "all.hlto", SCRIPTS, "-e", "")


@pytest.mark.zeek
def test_loading_without_the_analyzers_prints_nothing(zeek: str, tmp_path: Path) -> None:
    quiet(zeek, tmp_path, SCRIPTS, "-e", "")


@pytest.mark.zeek
@pytest.mark.parametrize("script", EVERY, ids=lambda path: str(path.relative_to(SCRIPTS)))
def test_every_script_loads_alone(zeek: str, script: Path, tmp_path: Path) -> None:
    quiet(zeek, tmp_path, "-a", script)
