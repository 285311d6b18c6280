"""Forests on disk: skops, never pickle, and the same forests give the same bytes.

A model file is data from outside. skops builds only the types listed here; a forest's trees are
then checked node by node, because scikit-learn follows node numbers without looking.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from typing import Any

import numpy as np
import skops.io
from sklearn.ensemble import IsolationForest

from gaugeglass.behaviour.registry import NAMES

#: The one type beyond skops' own list that a forest needs; see `_check_forest` for why it is safe.
TRUSTED: tuple[str, ...] = ("sklearn.tree._tree.Tree",)


def dump_forests(forests: Sequence[IsolationForest]) -> bytes:
    """``forests`` as one file: an archive of one skops file each.

    One at a time, because skops compares every part with all before it: many forests in one file
    take minutes.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as target:
        for number, forest in enumerate(forests):
            one = skops.io.dumps(forest, compression=zipfile.ZIP_DEFLATED)
            target.writestr(zipfile.ZipInfo(f"{number}.skops"), _canonical(one))
    return out.getvalue()


def load_forests(data: bytes) -> list[IsolationForest]:
    """Forests of a file; :class:`ValueError` where it holds anything else."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as source:
            parts = [source.read(f"{n}.skops") for n in range(len(source.namelist()))]
    except (zipfile.BadZipFile, KeyError, OSError) as err:
        raise ValueError(f"cannot be loaded ({type(err).__name__}: {err})") from err
    return [_load(part) for part in parts]


def _load(data: bytes) -> IsolationForest:
    try:
        unknown = set(skops.io.get_untrusted_types(data=data)) - set(TRUSTED)
        forest = None if unknown else skops.io.loads(data, trusted=list(TRUSTED))
    except Exception as err:  # whatever a malformed file makes skops or scikit-learn say
        raise ValueError(f"cannot be loaded ({type(err).__name__}: {err})") from err
    if unknown:
        raise ValueError(f"asks for types it may not have: {', '.join(sorted(unknown))}")
    if not isinstance(forest, IsolationForest):
        raise ValueError("holds what is no forest")
    _check_forest(forest)
    return forest


def _check_forest(forest: Any) -> None:
    """Refuse a forest whose trees point outside themselves or to a feature that is not there."""
    try:
        sound = type(forest) is IsolationForest and forest.n_features_in_ == len(NAMES)
        for tree, columns in zip(forest.estimators_, forest.estimators_features_, strict=True):
            t = tree.tree_
            state = t.__getstate__()["nodes"]
            count = len(state)
            left, right, feature = state["left_child"], state["right_child"], state["feature"]
            here, leaf = np.arange(count), left == -1
            inner = ~leaf
            sound = sound and count > 0 and t.node_count == count
            sound = sound and bool((right[leaf] == -1).all())
            for child in (left[inner], right[inner]):  # children follow their parent: no loops
                sound = sound and bool(((child > here[inner]) & (child < count)).all())
            sound = sound and bool(((feature[inner] >= 0) & (feature[inner] < len(columns))).all())
            sound = sound and t.n_features == len(columns) and t.max_depth <= count
            columns = np.asarray(columns)
            sound = sound and bool(((columns >= 0) & (columns < len(NAMES))).all())
            sound = sound and bool((state["n_node_samples"] > 0).all())
    except (AttributeError, KeyError, TypeError, ValueError, IndexError) as err:
        raise ValueError(f"holds a forest with broken trees ({err})") from err
    if not sound:
        raise ValueError("holds a forest with broken trees")


def _canonical(data: bytes) -> bytes:
    """The same skops archive without clock or memory addresses: node ids count from 0."""
    source = zipfile.ZipFile(io.BytesIO(data))
    names = {n: n for n in source.namelist()}
    ids: dict[int, int] = {}
    renamed = 0

    def walk(node: Any) -> Any:
        nonlocal renamed
        if isinstance(node, list):
            return [walk(n) for n in node]
        if not isinstance(node, dict):
            return node
        node = {k: walk(v) for k, v in node.items()}
        if isinstance(node.get("__id__"), int):
            node["__id__"] = ids.setdefault(node["__id__"], len(ids))
        file = node.get("file")
        if isinstance(file, str) and file in names:
            if names[file] == file:
                names[file] = f"{renamed}.{file.rsplit('.', 1)[-1]}"
                renamed += 1
            node["file"] = names[file]
        return node

    schema = json.dumps(walk(json.loads(source.read("schema.json"))))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr(zipfile.ZipInfo("schema.json"), schema, zipfile.ZIP_DEFLATED)
        for old, new in sorted(names.items(), key=lambda item: item[1]):
            if old != "schema.json":
                target.writestr(zipfile.ZipInfo(new), source.read(old), zipfile.ZIP_DEFLATED)
    return out.getvalue()
