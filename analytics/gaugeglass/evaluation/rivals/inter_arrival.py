"""The mean time between like events of a conduit, three standard deviations from what it was.

A conduit that was never learned is flagged too: it has no mean.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from gaugeglass.evaluation.rivals.base import Data, Rival, flagged

SIGMAS = 3.0


def flag(data: Data) -> pd.DataFrame:
    learned = data.learned[data.learned["side"] == "conduit"]
    judged = data.judged[data.judged["side"] == "conduit"]
    known = learned.groupby("address", sort=True)["gap_mean"].agg(["mean", "std"])
    mine = known.reindex(judged["address"]).to_numpy(float)
    with np.errstate(invalid="ignore"):
        away = np.abs(judged["gap_mean"].to_numpy(float) - mine[:, 0]) > SIGMAS * mine[:, 1]
    unknown = ~judged["address"].isin(known.index).to_numpy()
    return flagged(judged, 60, np.asarray(away) | unknown)


RIVAL = Rival("inter-arrival", f"mean gap, {SIGMAS:g} standard deviations", flag)
