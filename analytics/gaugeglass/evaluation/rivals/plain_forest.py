"""scikit-learn's isolation forest on the windows' features as they are, fixed contamination."""

from __future__ import annotations

import pandas as pd
from sklearn.ensemble import IsolationForest
from sklearn.preprocessing import RobustScaler

from gaugeglass.behaviour.registry import NAMES
from gaugeglass.evaluation.rivals.base import Data, Rival, flagged

CONTAMINATION = 0.01
_MOST = 200_000  # windows a forest is fitted on


def flag(data: Data) -> pd.DataFrame:
    names = list(NAMES)
    learned = data.learned[names].fillna(0.0)
    if len(learned) > _MOST:
        learned = learned.sample(_MOST, random_state=data.seed)
    scaler = RobustScaler().fit(learned.to_numpy())
    forest = IsolationForest(contamination=CONTAMINATION, random_state=data.seed)
    forest.fit(scaler.transform(learned.to_numpy()))
    found = forest.predict(scaler.transform(data.judged[names].fillna(0.0).to_numpy()))
    return flagged(data.judged, 60, found < 0)


RIVAL = Rival("plain forest", f"scikit-learn, contamination {CONTAMINATION:g}", flag)
