"""What a rival is: from learned and judged windows (or logs) to flagged windows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd

from gaugeglass.behaviour.ways.base import SCORED, scored


@dataclass(frozen=True)
class Data:
    """Windows of 60 s (features) before and after ``since``, and the logs they came from."""

    learned: pd.DataFrame
    judged: pd.DataFrame
    logs: tuple[Path, ...]
    since: datetime
    until: datetime
    seed: int = 0


@dataclass(frozen=True)
class Rival:
    """``flag`` gives the flagged windows (columns of SCORED)."""

    name: str
    about: str
    flag: Callable[[Data], pd.DataFrame]


def flagged(frame: pd.DataFrame, seconds: int, which: np.ndarray) -> pd.DataFrame:
    """The windows of ``frame`` where ``which``, as a frame of scores."""
    chosen = frame[which].reset_index(drop=True)
    return scored(chosen, seconds, "", np.ones(len(chosen)))[list(SCORED)]
