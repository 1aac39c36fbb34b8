"""Whole sets: chosen classes, sets put together, people who never stand on both sides of a split."""

from __future__ import annotations

import csv
import json
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from physio_core.cli import main
from physio_core.errors import ConfigError
from physio_lab.datasets.annotations import Annotations, Sides
from physio_lab.datasets.formats import open_set, write_set
from physio_lab.datasets.sets import ConcatDataset, subset
from physio_lab.datasets.split import Group, folds, groups_of, hold_out, split
from physio_lab.datasets.stats import stats

LABELS = ("squat", "lunge", "jack", "curl")


@pytest.fixture
def twenty(make):
    """Five sequences of each of four classes, by five subjects."""
    return [make(n, name=f"clip_{n}", label=LABELS[n % 4], subject=f"s{n // 4}", source=f"video_{n}") for n in range(20)]


@pytest.fixture
def kept(tmp_path, make):
    """Writes sequences as a set and opens it."""
    pytest.importorskip("pyarrow", reason="pyarrow comes with scripts/setup --training")

    def write(sequences, name="set.parquet", labels=()):
        write_set(tmp_path / name, sequences, labels)
        return open_set(tmp_path / name)

    return write


def test_a_subset_has_the_classes_and_random_others_as_unknown(twenty):
    chosen = list(subset(twenty, ["squat", "lunge"], others=3, seed=1))
    assert [sum(one.label == label for one in chosen) for label in ("squat", "lunge", "unknown")] == [5, 5, 3]
    assert {one.name for one in chosen if one.label == "unknown"} <= {one.name for one in twenty if one.label in LABELS[2:]}


def test_the_seed_alone_decides_which_others(twenty):
    draws = [{one.name for one in subset(twenty, ["squat"], 5, seed)} for seed in (1, 1, 2)]
    assert draws[0] == draws[1] != draws[2]


@pytest.mark.parametrize(
    ("classes", "others", "reason"),
    [
        (["sqat"], 0, "no class sqat; it has: curl, jack, lunge, squat"),
        ([], 0, "none asked for"),
        (["squat"], 16, "has 15 sequences"),
    ],
)
def test_a_class_or_number_that_the_set_does_not_have_is_refused(twenty, classes, others, reason):
    with pytest.raises(ConfigError, match=reason):
        subset(twenty, classes, others)


def test_merging_keeps_every_sequence_and_the_first_order_of_labels(twenty, kept):
    merged = ConcatDataset([kept(twenty[:8], "a.parquet", LABELS[::-1]), kept(twenty[8:], "b.parquet")])
    assert merged.labels == LABELS[::-1]
    assert [one.name for one in merged] == [one.name for one in twenty]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"label": "Squat "}, "'squat' and 'Squat ' differ only in spelling"),
        ({"label": "3"}, "'3' and 'squat'.*a number is no name"),
        ({"name": "clip_0"}, "'clip_0' is in .*a.parquet and in .*b.parquet"),
        ({"width_px": 0, "height_px": 0}, "openpose_18 in pictures, 2-D, .*openpose_18 in metres, 2-D.*convert"),
    ],
)
def test_sets_that_clash_are_not_merged(kept, make, change, reason):
    one, other = kept([make(0)], "a.parquet"), kept([replace(make(1), **change)], "b.parquet")
    merged = ConcatDataset([one, other])
    with pytest.raises(ConfigError, match=reason):
        list(merged if merged.labels else ())


def test_other_joints_are_not_merged_and_names_can_be_told_apart(kept, make):
    with pytest.raises(ConfigError, match="openpose_18 .* holds coco_17"):
        list(ConcatDataset([kept([make(0)], "a.parquet"), kept([make(1, layout="coco_17")], "b.parquet")]))
    twice = ConcatDataset([kept([make(0)], "a.parquet"), kept([make(0)], "b.parquet")], rename=True)
    assert [one.name for one in twice] == ["a_clip_0", "b_clip_0"]


def test_sets_whose_files_are_called_alike_are_told_apart_by_their_folders(kept, make):
    def names(*paths):
        return [one.name for one in ConcatDataset([kept([make(0)], path) for path in paths], rename=True)]

    assert names("home/set.parquet", "clinic/set.parquet") == ["home_clip_0", "clinic_clip_0"]
    assert names("a/home/set.parquet", "b/home/set.parquet") == ["home_1_clip_0", "home_2_clip_0"]
    with pytest.raises(ConfigError, match="the same twice"):
        names("home/set.parquet", "home/set.parquet")


def test_nobody_is_on_two_sides_of_a_split_and_every_class_comes_near_its_share(twenty):
    dealt = split(groups_of(twenty), (0.6, 0.2, 0.2), seed=3)
    assert [len(groups) for groups in dealt] == [3, 1, 1]
    assert sorted(group.key for part in dealt for group in part) == [f"subject s{n}" for n in range(5)]
    assert sum((group.counts for group in dealt[0]), Counter()) == dict.fromkeys(LABELS, 3)


def test_the_seed_decides_who_goes_where(twenty):
    def tested(seed):
        return [group.key for group in split(groups_of(twenty), (0.6, 0.2, 0.2), seed)[2]]

    assert tested(1) == tested(1)
    assert len({tuple(tested(seed)) for seed in range(9)}) > 1


def test_without_subjects_a_recording_stays_together_and_a_shared_one_joins_two_people(make):
    cut = [make(n, subject="", source=f"video_{n // 2}") for n in range(6)]
    assert [len(group.labels) for group in groups_of(cut)] == [2, 2, 2]
    pair = [make(0, subject="a", source="x"), make(1, subject="b", source="x"), make(2, subject="b", source="y")]
    assert [group.key for group in groups_of(pair)] == ["subject a, subject b"]
    assert [group.key for group in groups_of([make(3, subject="", source="")])] == ["name clip_3"]


def people(make):
    """Six people in two clips each."""
    return [make(n, subject=f"p{n // 2}", source=f"video_{n}") for n in range(12)]


def test_each_is_tested_on_once_and_learnt_from_by_no_fold_that_tests_it(make):
    groups = groups_of(people(make))
    for count, sizes in ((0, [1] * 6), (3, [2, 2, 2])):
        made = folds(groups, count)
        assert [len(fold) for fold in made] == sizes
        assert sorted(group.name for fold in made for group in fold) == [f"p{n}" for n in range(6)]
    with pytest.raises(ConfigError, match="1 folds of 6 subjects"):
        folds(groups, 1)


def test_who_is_held_out_takes_along_whom_they_share_a_recording_with(make):
    clips = [*people(make), make(12, subject="p9", source="video_0"), make(13, subject="", source="video_0")]
    learn, held, _ = hold_out(clips, held=["p0"])
    assert [clips[i].name for i in held] == ["clip_0", "clip_1", "clip_12", "clip_13"]
    assert sorted(learn + held) == list(range(14))
    assert hold_out(clips, held=["video_0"]) == (learn, held, [])


@pytest.mark.parametrize("seed", range(3))
def test_each_person_is_tested_on_in_one_fold_and_on_one_side_only(make, seed):
    clips = people(make)
    names = [one.subject for one in clips]
    splits = [hold_out(clips, share=0.25, seed=seed, fold=(index, 3)) for index in range(3)]
    for one in splits:
        sides = [{names[i] for i in side} for side in one]
        assert all(sides) and sum(map(len, sides)) == len(set.union(*sides)) == 6
    assert sorted({names[i] for one in splits for i in one.test}) == sorted(set(names))
    assert sum(len(one.test) for one in splits) == len(clips)
    named = hold_out(clips, held=["p1"], test=["p2", "p3"], learn=["p4"])
    assert [{names[i] for i in side} for side in named] == [{"p4"}, {"p1"}, {"p2", "p3"}]


@pytest.mark.parametrize(
    ("wishes", "reason"),
    [
        ({"held": ("p9",)}, "no subject or source 'p9'; it has p0, p1"),
        ({"held": ("p1",), "learn": ("p1", "p2")}, "'p1' is both held out and learnt from"),
        ({"held": tuple(f"p{i}" for i in range(6))}, "nothing is left to learn from"),
        ({"held": ("p1",), "test": ("p1",)}, "'p1' is both"),
        ({"test": ("p1",), "learn": ("p1",)}, "'p1' is both"),
        ({"fold": (0, 7)}, "7 parts need as many subjects"),
    ],
)
def test_holding_out_what_makes_no_sense_is_refused(make, wishes, reason):
    with pytest.raises(ConfigError, match=reason):
        hold_out(people(make), **wishes)


def test_what_is_known_besides_the_label_survives_merge_split_and_subset(kept, make, tmp_path):
    done = [make(n, annotations=Annotations(3, correct=bool(n % 2), side=Sides.LEFT), subject=f"p{n}") for n in range(4)]
    one, other = str(kept(done[:2], "a.parquet").path), str(kept(done[2:], "b.parquet").path)
    assert main(["dataset", "merge", one, other, "--out", str(tmp_path / "all.parquet")]) == 0
    assert (
        main(["dataset", "split", str(tmp_path / "all.parquet"), "--out", str(tmp_path / "parts"), "--shares", "0.5,0,0.5"]) == 0
    )
    found = {one.name: one.annotations for part in ("train", "test") for one in open_set(tmp_path / f"parts/{part}.parquet")}
    assert found == {one.name: one.annotations for one in done}
    assert main(["dataset", "subset", str(tmp_path / "all.parquet"), str(tmp_path / "right.parquet"), "--correct", "yes"]) == 0
    assert [one.name for one in open_set(tmp_path / "right.parquet")] == ["clip_1", "clip_3"]


def test_stats_say_what_is_annotated(kept, make, capsys):
    path = str(kept([make(0, annotations=Annotations(3, correct=False)), make(1, annotations=Annotations(2)), make(2)]).path)
    assert main(["dataset", "stats", path]) == 0
    assert "annotated sequences: counted 2, incorrect 1; 5 repetitions" in " ".join(capsys.readouterr().out.split())


def test_no_part_is_empty_however_small_its_share():
    groups = [Group(str(n), {f"{n}": "squat"}) for n in range(4)]
    assert [len(part) for part in split(groups, (0.98, 0.01, 0.01))] == [2, 1, 1]
    assert [len(part) for part in split(groups, (0.5, 0.0, 0.5))] == [2, 0, 2]


@pytest.mark.parametrize(
    ("shares", "reason"), [((0.5, 0.2, 0.2), "sum to 1"), ((1.5, -0.5, 0.0), "0 .. 1"), ((0.4, 0.3, 0.3), "has 2")]
)
def test_shares_that_make_no_sense_are_refused(shares, reason):
    with pytest.raises(ConfigError, match=reason):
        split([Group("a", {"1": "x"}), Group("b", {"2": "x"})], shares)


def test_stats_count_frames_seconds_people_and_who(make):
    one = make(0, people=2, frames=10, subject="a")
    confidence = one.confidence.copy()
    confidence[:, 5:], confidence[1, :2] = 0.0, 0.0
    figures = stats([replace(one, confidence=confidence), make(1, frames=30, label="lunge", subject="a")])
    both = figures.by_label["squat"].figures()
    there = int((confidence > 0).any(axis=2).sum())
    assert (both["frames"], both["non_empty"], both["people_per_frame"]) == (10, 0.5, there / 10)
    assert both["seconds"] == pytest.approx(10 / 30, abs=1e-3)
    assert (figures.all.sequences, len(figures.all.subjects), figures.layouts) == (2, 1, ("openpose_18",))


def test_the_commands_from_set_to_split_tell_what_they_did(twenty, kept, tmp_path, capsys):
    made = str(kept(twenty).path)
    assert main(["dataset", "subset", made, str(tmp_path / "sub.parquet"), "--classes", "squat,jack", "--unknown", "4"]) == 0
    assert main(["dataset", "merge", made, str(tmp_path / "sub.parquet"), "--rename", "--out", str(tmp_path / "m.parquet")]) == 0
    assert len(list(open_set(tmp_path / "m.parquet"))) == 34
    assert main(["dataset", "split", made, "--out", str(tmp_path / "parts"), "--shares", "0.6,0.2,0.2"]) == 0
    assert "subject s4" in capsys.readouterr().out
    names = [{one.name for one in open_set(tmp_path / f"parts/{part}.parquet")} for part in ("train", "val", "test")]
    assert [len(part) for part in names] == [12, 4, 4] and len(set.union(*names)) == 20
    with (tmp_path / "parts/split.csv").open(newline="") as file:
        assert {row["name"] for row in csv.DictReader(file) if row["part"] == "test"} == names[2]
    assert main(["dataset", "stats", made, "--plot", str(tmp_path / "s.png"), "--json", str(tmp_path / "s.json")]) == 0
    assert json.loads((tmp_path / "s.json").read_text())["by_label"]["jack"]["sequences"] == 5
    assert (tmp_path / "s.png").read_bytes().startswith(b"\x89PNG")


def test_two_estimators_sets_are_compared_on_the_clips_that_both_have(kept, make, tmp_path, capsys):
    one, other = (kept([make(n, label=LABELS[n % 2]) for n in some], f"{some}.parquet") for some in (range(4), range(2, 9)))
    for source, like in ((one, other), (other, one)):
        assert main(["dataset", "subset", str(source.path), str(tmp_path / "both.pkl"), "--like", str(like.path)]) == 0
        assert [(clip.name, clip.label) for clip in open_set(tmp_path / "both.pkl")] == [("clip_2", "squat"), ("clip_3", "lunge")]
    only = ["dataset", "subset", str(one.path), str(tmp_path / "lunges.pkl"), "--like", str(other.path), "--classes", "lunge"]
    assert main(only) == 0
    assert [clip.name for clip in open_set(tmp_path / "lunges.pkl")] == ["clip_3"]
    far = kept([make(99)], "far.parquet")
    assert main(["dataset", "subset", str(one.path), str(tmp_path / "none.pkl"), "--like", str(far.path)]) == 2
    assert "no name is in both sets; one has clip_0, clip_1 ..., the other clip_99" in capsys.readouterr().err


def test_two_sets_stand_beside_each_other_in_table_figures_and_plot(kept, make, tmp_path, capsys):
    pytest.importorskip("matplotlib")
    one, other = kept([make(0)], "one.parquet"), kept([make(0), make(1)], "other.parquet")
    words = ["dataset", "stats", str(one.path), "--beside", str(other.path)]
    assert main([*words, "--json", str(tmp_path / "s.json"), "--plot", str(tmp_path / "s.png")]) == 0
    figures = json.loads((tmp_path / "s.json").read_text())
    assert (figures["sequences"], figures["beside"]["sequences"]) == (1, 2)
    assert capsys.readouterr().out.count("people/frame") == 2
    assert main([*words, "--plot", str(tmp_path / "s.jpg")]) == 2


def test_a_class_named_twice_is_written_once(kept, make, tmp_path):
    out = tmp_path / "sub.parquet"
    assert main(["dataset", "subset", str(kept([make(0)]).path), str(out), "--classes", "squat,squat"]) == 0
    assert open_set(out).labels == ("squat",)


def test_a_split_is_not_mixed_with_an_earlier_one(twenty, kept, tmp_path, capsys):
    command = ["dataset", "split", str(kept(twenty).path), "--out", str(tmp_path / "parts"), "--shares"]
    assert main([*command, "0.4,0.3,0.3"]) == 0
    before = {path: path.read_bytes() for path in (tmp_path / "parts").iterdir()}
    assert main([*command, "0.8,0,0.2", "--seed", "1"]) == 2
    assert "holds a split already (split.csv, test.parquet, train.parquet, val.parquet); delete these" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in (tmp_path / "parts").iterdir()} == before


def test_a_split_that_meets_a_full_disk_leaves_no_part_of_it(twenty, kept, tmp_path, small_files, capsys):
    made = str(kept(twenty).path)
    with small_files(10_000):
        assert main(["dataset", "split", made, "--out", str(tmp_path / "parts"), "--format", "npy"]) == 2
    assert "File too large; make room" in capsys.readouterr().err
    assert not (tmp_path / "parts").exists()


@pytest.mark.parametrize("ending", [".gif", ".mp4"])
def test_a_sequence_is_viewed_by_name_or_number(kept, make, tmp_path, ending):
    from physio_core.camera.video import read_video

    made = str(kept([make(n, frames=30) for n in range(3)]).path)
    pictures = []
    for asked in ("1", "clip_1", "2"):
        path = tmp_path / f"{asked}{ending}"
        assert main(["dataset", "view", made, asked, "--out", str(path), "--size", "97", "--fps", "10"]) == 0
        pictures.append(np.stack([frame.rgb for frame in read_video(path)]))
    assert len(pictures[0]) == 10
    # x264 does not write the same picture twice to the last bit
    assert np.abs(pictures[0].astype(float) - pictures[1]).mean() < 0.5 and pictures[0].shape != pictures[2].shape


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["view", "SET", "clip_9"], "no such sequence; the set has 1: clip_0"),
        (["view", "SET", "0", "--out", "one.png"], "ending must be .gif or .mp4"),
        (["view", "SET", "0", "--out", "/proc/one.mp4"], "cannot write /proc/one.mp4"),
        (["split", "SET", "--out", "/no/x", "--shares", "a,b"], "need three numbers"),
        (["split", "SET", "--out", "/no/x"], "the set has 1"),
        (["split", "SET", "--out", "/no/x", "--format", "excel"], "unknown format 'excel'"),
        (["stats", "none.parquet"], "does not exist"),
        (["stats", "SET", "--beside", "SET"], "is the set itself"),
        (["stats", "SET", "--json", "/proc/x.json"], "cannot write /proc/x.json"),
        (["subset", "SET", "out.parquet"], "say which: --classes NAMES, --like SET"),
        (["subset", "SET", "out.xlsx", "--classes", "squat"], "ending '.xlsx'"),
        (["subset", "SET", "out.parquet", "--correct", "no"], "no sequence of the set is annotated as done wrong"),
    ],
)
def test_wishes_that_cannot_be_met_are_refused_in_one_line(kept, make, capsys, arguments, reason):
    made = str(kept([make(0)]).path)
    assert main(["dataset", *(made if part == "SET" else part for part in arguments)]) == 2
    said = capsys.readouterr().err
    assert reason in said and said.count("\n") == 1
