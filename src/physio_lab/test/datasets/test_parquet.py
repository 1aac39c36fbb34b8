"""The columnar form: bit by bit the same back, streamed, and clear about files that are not whole."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytest.importorskip("pyarrow", reason="the laboratory is not installed: scripts/setup --training")

from physio_core.errors import ConfigError, InputError, OutputError
from physio_core.skeleton.layouts import LAYOUTS
from physio_lab.datasets import parquet
from physio_lab.datasets.annotations import Annotations, Score, Sides
from physio_lab.datasets.parquet import read_parquet, read_parquet_labels, write_parquet

ANY = st.fixed_dictionaries(
    {
        "layout": st.sampled_from(sorted(LAYOUTS)), "people": st.integers(1, 3), "frames": st.integers(1, 9),
        "dimensions": st.sampled_from([2, 3]), "label": st.text(max_size=9), "subject": st.text(max_size=9),
        "source": st.text(max_size=9), "width_px": st.integers(0, 9999), "height_px": st.integers(0, 9999),
    }
)  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ANY, min_size=1, max_size=4))
def test_a_set_comes_back_bit_by_bit(tmp_path, make, same, kinds):
    written = [make(seed, **kind) for seed, kind in enumerate(kinds)]
    written = [replace(one, stamps_s=one.stamps_s * np.pi + 1e9) for one in written]
    assert write_parquet(tmp_path / "set.parquet", iter(written)) == len(written)
    back = list(read_parquet(tmp_path / "set.parquet"))
    assert len(back) == len(written)
    for one, other in zip(written, back, strict=True):
        same(one, other)
        assert other.points.dtype == other.confidence.dtype == np.float32


KNOWN = [
    Annotations(),
    Annotations(2, ((0.0, 1.0), (1.5, 2.0)), True, Score(41.5, 0.0, 50.0), Sides.BOTH, "front"),
    Annotations(repetitions=0, correct=False, side=Sides.LEFT),
]


def test_what_is_known_besides_the_label_comes_back(tmp_path, make, same):
    written = [make(seed, annotations=known) for seed, known in enumerate(KNOWN)]
    write_parquet(tmp_path / "set.parquet", written)
    for one, other in zip(written, read_parquet(tmp_path / "set.parquet"), strict=True):
        same(one, other)


def test_a_file_of_before_annotations_is_read(tmp_path, make, same):
    path = tmp_path / "set.parquet"
    write_parquet(path, [make(annotations=KNOWN[1])])
    table, told = parquet.pq.read_table(path), parquet.pq.read_metadata(path).metadata
    old = table.drop_columns(list(parquet.NOTES)).replace_schema_metadata({parquet.KEY: told[parquet.KEY]})
    parquet.pq.write_table(old, path)
    (back,) = read_parquet(path)
    same(make(), back)


def test_reading_holds_one_row_group_at_a_time(tmp_path, make, monkeypatch):
    monkeypatch.setattr(parquet, "GROUP_VALUES", 600)
    taken = 0

    def endless():
        nonlocal taken
        for taken in range(20):
            yield make(taken)

    write_parquet(tmp_path / "set.parquet", endless())
    assert parquet._open(tmp_path / "set.parquet").num_row_groups == 7  # 3 sequences of 252 coordinates fill one
    assert [one.name for one in read_parquet(tmp_path / "set.parquet")] == [f"clip_{seed}" for seed in range(20)]


def test_labels_are_those_given_in_their_order_or_else_those_that_occur(tmp_path, make):
    write_parquet(tmp_path / "a.parquet", [make(0, label="squat"), make(1, label=""), make(2, label="lunge")])
    assert read_parquet_labels(tmp_path / "a.parquet") == ("lunge", "squat")
    write_parquet(tmp_path / "b.parquet", [make(label="squat")], ["squat", "lunge", "crunch"])
    assert read_parquet_labels(tmp_path / "b.parquet") == ("squat", "lunge", "crunch")


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (lambda make: [make(0), make(1, label="lunje")], "clip_1 has label 'lunje'.*squat, lunge"),
        (lambda make: [make(0), make(0)], "'clip_0' is empty or used twice"),
        (lambda make: [make(name="")], "'' is empty"),
        (lambda make: [], "the set is empty"),
    ],
    ids=["label", "twice", "nameless", "empty"],
)
def test_a_bad_set_is_refused_and_the_good_file_stays(tmp_path, make, bad, says):
    path = tmp_path / "set.parquet"
    write_parquet(path, [make(7)])
    with pytest.raises(InputError, match=says):
        write_parquet(path, bad(make), ["squat", "lunge"])
    assert [one.name for one in read_parquet(path)] == ["clip_7"]
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_is_said_and_the_good_file_stays(tmp_path, make, small_files):
    path = tmp_path / "set.parquet"
    write_parquet(path, [make(7)])
    with small_files(20_000), pytest.raises(OutputError, match=r"set\.parquet: .*File too large"):
        write_parquet(path, [make(seed, frames=300) for seed in range(9)])
    assert [one.name for one in read_parquet(path)] == ["clip_7"]
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("share", [0.0, 0.5, 0.99])
def test_a_truncated_file_is_refused_by_name(tmp_path, make, share):
    path = tmp_path / "set.parquet"
    write_parquet(path, [make(frames=300)])
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    with pytest.raises(InputError, match=r"set\.parquet cannot be read"):
        list(read_parquet(path))


def test_a_damaged_row_group_is_named(tmp_path, make):
    path = tmp_path / "set.parquet"
    write_parquet(path, [make(frames=300)])
    raw = bytearray(path.read_bytes())
    raw[200:4000] = bytes(3800)
    path.write_bytes(raw)
    with pytest.raises(InputError, match="damaged in row group 0"):
        list(read_parquet(path))


def test_a_missing_file_or_one_of_something_else_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"no\.parquet cannot be read"):
        list(read_parquet(tmp_path / "no.parquet"))
    parquet.pq.write_table(parquet.pa.table({"a": [1]}), tmp_path / "other.parquet")
    with pytest.raises(InputError, match="something else"):
        list(read_parquet(tmp_path / "other.parquet"))


def test_without_pyarrow_one_is_told_what_to_install(monkeypatch):
    monkeypatch.setattr(parquet, "pa", None)
    with pytest.raises(ConfigError, match="scripts/setup --training"):
        list(read_parquet(Path("set.parquet")))
