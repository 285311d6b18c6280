from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import sklearn
import skops.io
from learned_plant import later
from plant_ledger import moment, plant

from gaugeglass.behaviour.baseline import learn
from gaugeglass.behaviour.files import MisfitError, digest
from gaugeglass.behaviour.judge import judge
from gaugeglass.behaviour.learn import Behaviour, learn_behaviour
from gaugeglass.behaviour.store import load, save

CONFIG = {"behaviour": {"trees": 10, "seed": 1}}
END = 120


def fitted(**more: object) -> Behaviour:
    return learn_behaviour(plant(END, **more), moment(0), moment(END), CONFIG)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def learned() -> Behaviour:
    return fitted()


@pytest.fixture
def saved(learned: Behaviour, tmp_path: Path) -> Path:
    save(learned, tmp_path / "m")
    return tmp_path / "m"


def packed(*parts: bytes) -> bytes:
    """A file of forests with these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for number, part in enumerate(parts):
            target.writestr(f"{number}.skops", part)
    return out.getvalue()


def rewrite(folder: Path, **entries: object) -> None:
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | entries))


def replace_file(folder: Path, name: str, data: bytes) -> None:
    """Put ``data`` in place with a hash that fits, as someone who means harm would."""
    (folder / name).write_bytes(data)
    files = json.loads((folder / "manifest.json").read_text())["files"]
    rewrite(folder, files=files | {name: {"sha256": digest(data), "bytes": len(data)}})


def test_loaded_models_judge_the_same_and_a_second_fit_is_the_same_file(
    learned: Behaviour, saved: Path, tmp_path: Path
) -> None:
    again = load(saved)
    assert (again.notes, again.promise, again.lengths) == (
        learned.notes, learned.promise, learned.lengths,
    )  # fmt: skip
    db = later()
    db.execute('UPDATE activity SET "count" = 90000 WHERE "window" = ?', [moment(400)])
    learn(db, moment(0), moment(END)).register(db)
    found = [judge(db, models, moment(END), moment(600)) for models in (again, learned)]
    assert found[0].episodes
    assert found[0].episodes == found[1].episodes
    pd.testing.assert_frame_equal(found[0].rows, found[1].rows, check_exact=True)
    save(fitted(threads=4, shuffled=True), tmp_path / "again")
    for file in sorted(saved.iterdir()):
        assert file.read_bytes() == (tmp_path / "again" / file.name).read_bytes(), file.name


def test_refuses_what_does_not_fit(saved: Path) -> None:
    whole = (saved / "manifest.json").read_text()
    cases: list[tuple[str, object]] = [
        ("window_seconds", 300), ("features", ["events"]), ("feature_version", "0"),
        ("kind", "baseline"), ("version", 0),
    ]  # fmt: skip
    for key, value in cases:
        rewrite(saved, **{key: value})
        with pytest.raises(MisfitError, match=rf"manifest.json: {key} is .*learn again"):
            load(saved)
        (saved / "manifest.json").write_text(whole)
    about = (saved / "forests.json").read_text()
    replace_file(saved, "forests.json", about.replace(sklearn.__version__, "0.24.2").encode())
    with pytest.raises(MisfitError, match=r"was made by scikit-learn 0.24.2"):
        load(saved)
    (saved / "manifest.json").write_text(whole)
    replace_file(saved, "forests.json", about.encode())
    rewrite(saved, ways={"forest": {}, "checks": {}, "novelty": {}, "series": {}, "silence": {}})
    with pytest.raises(MisfitError, match="manifest"):
        load(saved)


def test_refuses_damaged_files(saved: Path) -> None:
    for name in ("forests.skops", "norms-60.parquet", "novelty.parquet"):
        data = (saved / name).read_bytes()
        (saved / name).write_bytes(data[:100] + b"!" + data[101:])
        with pytest.raises(MisfitError, match=f"{name}: .*hash"):
            load(saved)
        (saved / name).unlink()
        with pytest.raises(MisfitError, match=f"{name}: cannot be read"):
            load(saved)
        (saved / name).write_bytes(data)
    for data in (b"", b"PK\x05\x06", b"\x80\x04N.", packed(b"\x80\x04N."), packed(b"")):
        replace_file(saved, "forests.skops", data)
        with pytest.raises(MisfitError, match=r"forests.skops: cannot be loaded"):
            load(saved)


def test_refuses_types_it_does_not_know(saved: Path) -> None:
    from sklearn.preprocessing import FunctionTransformer

    harm = skops.io.dumps(FunctionTransformer(np.linalg.norm))
    replace_file(saved, "forests.skops", packed(harm))
    with pytest.raises(MisfitError, match=r"forests.skops: "):
        load(saved)
    replace_file(saved, "forests.skops", packed(skops.io.dumps({"a": Path("/etc/passwd")})))
    with pytest.raises(MisfitError, match=r"types it may not have: .*Path"):
        load(saved)
    replace_file(saved, "forests.skops", packed(skops.io.dumps({"a": 1})))
    with pytest.raises(MisfitError, match=r"no forest"):
        load(saved)


def _out_of_range(nodes: np.ndarray) -> None:
    nodes["left_child"][0] = 1 << 40


def _loop(nodes: np.ndarray) -> None:
    nodes["left_child"][0] = 0


def _no_such_feature(nodes: np.ndarray) -> None:
    nodes["feature"][0] = 5000


@pytest.mark.parametrize("harm", [_out_of_range, _loop, _no_such_feature])
def test_refuses_trees_that_point_outside(saved: Path, harm: Callable[[np.ndarray], None]) -> None:
    """scikit-learn follows node numbers without looking: such a file could crash the process."""
    whole = zipfile.ZipFile(saved / "forests.skops")
    parts = [whole.read(name) for name in whole.namelist()]
    source = zipfile.ZipFile(io.BytesIO(parts[0]))
    out = io.BytesIO()
    done = False
    with zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name.endswith(".npy") and not done:
                array = np.load(io.BytesIO(data), allow_pickle=False)
                if array.dtype.names and "left_child" in array.dtype.names:
                    array = array.copy()
                    harm(array)
                    buffer = io.BytesIO()
                    np.save(buffer, array)
                    data, done = buffer.getvalue(), True
            target.writestr(name, data)
    assert done
    replace_file(saved, "forests.skops", packed(out.getvalue(), *parts[1:]))
    with pytest.raises(MisfitError, match=r"broken trees|cannot be loaded"):
        load(saved)


def test_refuses_models_that_score_otherwise_than_saved(saved: Path) -> None:
    probe = json.loads((saved / "manifest.json").read_text())["probe"]
    probe["60 hmi/client"][3] += 1e-6
    rewrite(saved, probe=probe)
    with pytest.raises(MisfitError, match="does not score as when saved"):
        load(saved)
