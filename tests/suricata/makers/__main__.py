"""Write the captures: ``python -m tests.suricata.makers [PROTOCOL...] [--out DIR]``."""

import argparse
import importlib
import pkgutil
import sys
from pathlib import Path

from tests.suricata import makers
from tests.suricata.makers import wire


def protocols() -> list[str]:
    """Names of the modules here which make cases, sorted; helpers begin with an underscore."""
    found = (module.name for module in pkgutil.iter_modules(makers.__path__))
    return sorted(n for n in found if n not in ("wire", "tap") and not n.startswith("_"))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.suricata.makers", description=__doc__)
    parser.add_argument("protocol", nargs="*", help="all, when none is named")
    parser.add_argument("--out", type=Path, default=wire.CASES, help="folder of the cases")
    options = parser.parse_args(arguments)
    wire.CASES = options.out
    for name in options.protocol or protocols():
        wire.WRITTEN.clear()
        importlib.import_module(f"tests.suricata.makers.{name}").make()
        print(f"{name}: {len(wire.WRITTEN)} cases")
        stale = {p.parent.name for p in options.out.glob(f"{name}-*/test.yaml")} - wire.WRITTEN
        for folder in sorted(stale):
            print(f"  {folder}: no longer made, remove it", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
