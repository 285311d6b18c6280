"""Who made a network card: the first three bytes of a MAC, looked up in a bundled table."""

from __future__ import annotations

import asyncio
import threading
from functools import cache

import aiooui

from gaugeglass.inventory.addresses import is_device, is_local_mac, is_mac


@cache
def _loaded() -> bool:
    """Load the table once. It has an asynchronous loader only, and no network in it.

    The loop runs in a thread of its own because the caller may be inside another loop.
    """
    if not aiooui.is_loaded():
        thread = threading.Thread(target=lambda: asyncio.run(aiooui.async_load()))
        thread.start()
        thread.join()
    return bool(aiooui.is_loaded())


def vendor(mac: str) -> str | None:
    """The registered owner of a canonical MAC's prefix; None for a locally administered one.

    "Private" and the registration authority itself (whose blocks are resold in smaller pieces)
    name nobody and are None too.
    """
    if not is_mac(mac) or not is_device(mac) or is_local_mac(mac) or not _loaded():
        return None
    name = aiooui.get_vendor(mac)
    if not name or name.lower() in ("private", "ieee registration authority"):
        return None
    return str(name).rstrip(" ,")
