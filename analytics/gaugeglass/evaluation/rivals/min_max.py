"""Every feature of every entity between the least and the most that was learned, nothing else.

The simplest detector of the comparison by K. Wolsing et al. ("Can Industrial Intrusion Detection Be
SIMPLE?", ESORICS 2022), on the same windows. An entity that was never learned has no range to lie
in.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from gaugeglass.behaviour.registry import NAMES
from gaugeglass.evaluation.rivals.base import Data, Rival, flagged

_KEYS = ["side", "address"]


def flag(data: Data) -> pd.DataFrame:
    names = list(NAMES)
    known = data.learned.groupby(_KEYS, sort=True)[names]
    keys = pd.MultiIndex.from_frame(data.judged[_KEYS])
    low, high = (f.reindex(keys).to_numpy(float) for f in (known.min(), known.max()))
    seen = data.judged[names].to_numpy(float)
    with np.errstate(invalid="ignore"):
        outside = ((seen < low) | (seen > high)).any(axis=1)
    unknown = ~keys.isin(known.size().index)
    return flagged(data.judged, 60, np.asarray(outside) | unknown)


RIVAL = Rival("min/max", "every feature inside its learned range", flag)
