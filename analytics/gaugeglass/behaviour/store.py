"""Models on disk: forests by skops (never pickle), norms as Parquet, a manifest with hashes.

A model file is data from outside. skops builds only the types listed here; a forest's trees are
then checked node by node, because scikit-learn follows node numbers without looking; and at last
the loaded models must give the same scores as the saved ones gave on a few stored windows.
"""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import sklearn
import skops.io
from sklearn.ensemble import IsolationForest

from gaugeglass.behaviour.files import MisfitError, read_folder, write_folder
from gaugeglass.behaviour.forest import Group, Models
from gaugeglass.behaviour.norms import STATS, Norms
from gaugeglass.behaviour.registry import NAMES, VERSION
from gaugeglass.ledger.schema import WINDOW_SECONDS

FORMAT = 1
#: The one type beyond skops' own list that a forest needs; see `_check_forest` for why it is safe.
TRUSTED: tuple[str, ...] = ("sklearn.tree._tree.Tree",)

_FOREST, _NORMS = "forests.skops", "norms.parquet"
_PROBES = 64


def save_models(models: Models, folder: Path) -> None:
    """Write ``models`` to ``folder``, replacing what was there. The same models, the same bytes."""
    names = sorted(models.groups)
    forests = _canonical(
        skops.io.dumps([models.groups[n].forest for n in names], compression=zipfile.ZIP_DEFLATED)
    )
    probe = _probe()
    groups = {
        n: {
            "middle": g.middle,
            "threshold": g.threshold,
            "margins": g.margins.tolist(),
            "windows": g.windows,
            "probe": g.score(probe).tolist(),
        }
        for n, g in models.groups.items()
    }
    manifest = {
        **_fit(models.window_seconds),
        "sklearn": sklearn.__version__,
        "groups": groups,
        "notes": list(models.notes),
    }
    write_folder(folder, manifest, {_FOREST: forests, _NORMS: _norms_file(models)})


def load_models(folder: Path, window_seconds: int = WINDOW_SECONDS) -> Models:
    """Read ``folder``; :class:`MisfitError` where it does not fit or is not safe to use."""
    manifest, files = read_folder(folder, _fit(window_seconds), (_FOREST, _NORMS))
    made = str(manifest.get("sklearn", ""))
    if made.split(".")[0] != sklearn.__version__.split(".")[0]:
        raise MisfitError(
            folder / _FOREST, f"was made by scikit-learn {made}, here is {sklearn.__version__}"
        )
    forests = _read_forests(folder / _FOREST, files[_FOREST])
    norms, roles = _read_norms(folder / _NORMS, files[_NORMS])
    try:
        described = dict(sorted(manifest["groups"].items()))
        groups = {
            name: Group(
                name,
                forest,
                float(g["middle"]),
                float(g["threshold"]),
                np.array(g["margins"], dtype=np.float64),
                int(g["windows"]),
            )
            for (name, g), forest in zip(described.items(), forests, strict=True)
        }
        probe = _probe()
        for name, group in groups.items():
            if group.margins.shape != (len(NAMES),):
                raise ValueError(f"{name} has {group.margins.size} margins")
            if np.abs(group.score(probe) - np.array(described[name]["probe"])).max() > 1e-9:
                raise MisfitError(
                    folder / _FOREST, f"the model of {name} does not score as it did when saved"
                )
        notes = tuple(str(n) for n in manifest["notes"])
    except (KeyError, TypeError, ValueError, AttributeError) as err:
        if isinstance(err, MisfitError):
            raise
        raise MisfitError(folder, f"the manifest does not describe its models ({err})") from err
    return Models(groups, norms, roles, window_seconds, notes)


def _fit(window_seconds: int) -> dict[str, Any]:
    """What must be the same where models are used."""
    return {
        "kind": "models",
        "version": FORMAT,
        "features": list(NAMES),
        "feature_version": VERSION,
        "window_seconds": window_seconds,
    }


def _probe() -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.random.default_rng(0).uniform(0, 4, (_PROBES, len(NAMES)))


def _norms_file(models: Models) -> bytes:
    kinds, names = (models.norms.keys.get_level_values(i) for i in (0, 1))
    columns: dict[str, Any] = {
        "kind": pa.array(kinds, pa.string()),
        "name": pa.array(names, pa.string()),
        "group": pa.array(
            [models.roles.get(n) if k == "entity" else None for k, n in models.norms.keys],
            pa.string(),
        ),
        "windows": pa.array(models.norms.windows, pa.int64()),
    }
    for i, stat in enumerate(STATS):
        for j, feature in enumerate(NAMES):
            columns[f"{feature}.{stat}"] = pa.array(models.norms.stats[:, i, j], pa.float64())
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out, compression="zstd")
    return out.getvalue()


def _read_norms(path: Path, data: bytes) -> tuple[Norms, dict[str, str]]:
    try:
        # Without threads: Arrow's may outlive the interpreter beside an open database.
        table = pq.ParquetFile(io.BytesIO(data), pre_buffer=False).read(use_threads=False)
        stats = np.stack(
            [np.stack([table[f"{f}.{s}"].to_numpy() for f in NAMES], axis=1) for s in STATS], axis=1
        )
        kinds, names = table["kind"].to_pylist(), table["name"].to_pylist()
        groups = table["group"].to_pylist()
        windows = table["windows"].to_numpy().astype(np.int64)
    except (pa.ArrowException, KeyError, ValueError, OSError) as err:
        raise MisfitError(path, f"is not a table of norms ({err})") from err
    roles = {n: g for k, n, g in zip(kinds, names, groups, strict=True) if k == "entity" and g}
    return Norms(pd.MultiIndex.from_arrays([kinds, names]), stats, windows), roles


def _read_forests(path: Path, data: bytes) -> list[IsolationForest]:
    try:
        unknown = set(skops.io.get_untrusted_types(data=data)) - set(TRUSTED)
        if unknown:
            raise MisfitError(path, f"asks for types it may not have: {', '.join(sorted(unknown))}")
        forests = skops.io.loads(data, trusted=list(TRUSTED))
    except MisfitError:
        raise
    except Exception as err:  # whatever a malformed file makes skops or scikit-learn say
        raise MisfitError(path, f"cannot be loaded ({type(err).__name__}: {err})") from err
    if not isinstance(forests, list):
        raise MisfitError(path, "holds no list of forests")
    for forest in forests:
        _check_forest(path, forest)
    return forests


def _check_forest(path: Path, forest: Any) -> None:
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
        raise MisfitError(path, f"holds a forest with broken trees ({err})") from err
    if not sound:
        raise MisfitError(path, "holds a forest with broken trees")


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
