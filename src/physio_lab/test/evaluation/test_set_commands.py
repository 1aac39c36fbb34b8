"""Any labelled set can be measured, whatever its joints, units and names, and classical methods stand beside the network."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("pyarrow", reason="the laboratory is not installed: scripts/setup --training")

from physio_core.cli import main
from physio_core.errors import ConfigError
from physio_lab.datasets.annotations import Annotations, Sides
from physio_lab.datasets.formats import open_set, write_set
from physio_lab.datasets.sequence import SkeletonSequence, in_layout
from physio_lab.evaluation import set_commands
from physio_lab.evaluation.sets import SENSOR_FOCAL_PX, SENSOR_PX, projected


@pytest.fixture(scope="module")
def people(film: Callable[..., SkeletonSequence]) -> list[SkeletonSequence]:
    """Three people, each once at squats and once at lunges."""
    made = {name: film(name, seconds=3.0) for name in ("squat", "lunge")}
    return [
        replace(one, name=f"{name}_{who}", label=label, subject=who, annotations=Annotations(2, side=Sides.BOTH, view="side"))
        for who in ("p1", "p2", "p3")
        for name, label, one in (("squat", "deep_squat", made["squat"]), ("lunge", "lunge", made["lunge"]))
    ]


@pytest.fixture
def split_set(tmp_path: Path, people: list[SkeletonSequence]) -> Path:
    """A folder that `physio dataset split` wrote, one person in each part."""
    write_set(tmp_path / "set.parquet", people)
    line = ["dataset", "split", str(tmp_path / "set.parquet"), "--out", str(tmp_path / "parts"), "--shares", "0.34,0.33,0.33"]
    assert main(line) == 0
    return tmp_path / "parts"


def evaluate(place: Path, *flags: object) -> int:
    return main(["action", "evaluate-set", str(place), "--workers", "1", *map(str, flags)])


def test_the_test_part_of_a_split_is_measured_with_other_names_for_its_classes(split_set: Path, capsys) -> None:
    found, scores = split_set / "found.json", split_set / "scores.csv"
    assert evaluate(split_set, "--map", "deep_squat=squat", "--json", found, "--csv", scores) == 0
    result = json.loads(found.read_text())
    (tested,) = {one.subject for one in open_set(split_set, part="test")}
    assert (result["n"], result["accuracy"], result["intervals"]["over"]) == (2, 1.0, "subject")
    assert result["confusion"]["squat"]["squat"] == result["confusion"]["lunge"]["lunge"] == 1
    with scores.open() as file:
        rows = list(csv.DictReader(file))
    assert [(row["file"], row["detail"], row["subject"], row["reps"], row["view"], row["named"]) for row in rows] == [
        (f"squat_{tested}", "deep_squat", tested, "2", "side", "squat"),
        (f"lunge_{tested}", "lunge", tested, "2", "side", "lunge"),
    ]
    assert "95 % intervals over 1 subjects" in capsys.readouterr().out


def test_a_name_of_its_own_for_a_class_needs_no_model(tmp_path: Path, people: list[SkeletonSequence], capsys) -> None:
    write_set(tmp_path / "set.parquet", people)
    line = ["action", "baseline", str(tmp_path / "set.parquet"), "--methods", "chance", "--map", "lunge=my_lunge"]
    assert main(line) == 0
    assert "6" in capsys.readouterr().out


def test_a_class_without_a_name_in_the_model_is_unknown(split_set: Path) -> None:
    assert evaluate(split_set, "--part", "train", "--json", split_set / "found.json") == 0
    confusion = json.loads((split_set / "found.json").read_text())["confusion"]
    assert sum(confusion["unknown"].values()) == 1 and sum(confusion["squat"].values()) == 0


def test_only_the_subjects_asked_for_are_measured(tmp_path: Path, people: list[SkeletonSequence]) -> None:
    write_set(tmp_path / "set.parquet", people)
    for wish, count in (("p1,p3", 4), ("p*", 6)):
        assert evaluate(tmp_path / "set.parquet", "--subjects", wish, "--json", tmp_path / "found.json") == 0
        assert json.loads((tmp_path / "found.json").read_text())["n"] == count


def test_classical_methods_that_learnt_from_others_stand_beside_it(split_set: Path, monkeypatch, capsys) -> None:
    monkeypatch.setattr(set_commands, "installed", lambda: ("chance", "nearest", "warped"))
    whole = split_set.parent / "set.parquet"
    for place, *wish in ((split_set, "--baseline", "train"), (whole, "--subjects", "p1", "--baseline", "others")):
        assert evaluate(place, "--map", "deep_squat=squat", *wish, "--json", split_set / "found.json") == 0
        rows = {row["method"]: row for row in json.loads((split_set / "found.json").read_text())["baselines"]}
        assert rows["nearest"]["accuracy"] == rows["warped"]["accuracy"] == 1.0
        assert rows["chance"]["accuracy"] == 0.5 and "nearest neighbour" in capsys.readouterr().out
    assert evaluate(split_set, "--map", "deep_squat=squat", "--baseline", "test") == 2
    assert "would learn from what they are measured on" in capsys.readouterr().err


def test_the_page_has_everything(split_set: Path) -> None:
    pytest.importorskip("matplotlib", reason="pictures need matplotlib: scripts/setup --training")
    assert evaluate(split_set, "--map", "deep_squat=squat", "--html", split_set / "page.html") == 0
    page = (split_set / "page.html").read_text()
    assert "evaluate-set columns:SET --part test --map deep_squat=squat" in page and "Confusion" in page


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        (["--part", "dev"], "say which part: train, val, test, not 'dev'"),
        (["--map", "squat"], "write OLD=NEW, or the name of a map: penn, ui_prmd"),
        (["--map", "plank=squat"], "the set has no class 'plank'; it has deep_squat, lunge"),
        (["--map", "lunge=plank"], "the model has no class 'plank'"),
        (["--subjects", "nobody"], "holds no such sequence"),
        (["--subjects", " , "], "--subjects ' , ' names nothing"),
        (["--baseline", "train", "--json", "train.parquet"], "train.parquet is what is read"),
        (["--repeat", "99"], "must be 0 to 60 s"),
        (["--json", "/proc/none/found.json"], "cannot write"),
    ],
)
def test_what_cannot_be_measured_is_refused_in_one_line(
    split_set: Path, capsys, monkeypatch, flags: list[str], says: str
) -> None:
    capsys.readouterr()
    monkeypatch.chdir(split_set)
    assert evaluate(split_set, *flags) == 2
    said = capsys.readouterr().err
    assert says in said and said.count("\n") == 1


def test_a_set_without_parts_says_how_to_make_them(tmp_path: Path, people: list[SkeletonSequence]) -> None:
    write_set(tmp_path / "set.parquet", people)
    with pytest.raises(ConfigError, match="has no parts, so none called 'test'; make them: physio dataset split"):
        open_set(tmp_path / "set.parquet", part="test")


def test_metres_are_seen_as_by_the_depth_camera(people: list[SkeletonSequence]) -> None:
    points = np.zeros((1, 3, 25, 3), np.float32)
    points[..., 2] = 2.0
    points[..., 0, :] = (1.0, -0.5, 4.0)
    points[..., 1, 2] = -1.0  # behind the camera
    seen = projected(SkeletonSequence(points, np.ones((1, 3, 25), np.float32), np.arange(3) / 30, "kinect_25"))
    width_px, height_px = SENSOR_PX
    assert seen.points[0, 0, 0] == pytest.approx([0.5 + SENSOR_FOCAL_PX / 4 / width_px, 0.5 - SENSOR_FOCAL_PX / 8 / height_px])
    assert (seen.confidence[0, :, 1] == 0).all() and (seen.confidence[0, :, [0, 2]] == 1).all()
    assert (seen.width_px, seen.height_px) == SENSOR_PX and projected(people[0]) is people[0]


@pytest.fixture
def judged(tmp_path: Path, people: list[SkeletonSequence]) -> Callable[..., dict[str, dict[str, float]]]:
    """Runs `physio action baseline` on sequences; figures by method."""

    def run(sequences: list[SkeletonSequence], *flags: str) -> dict[str, dict[str, float]]:
        write_set(tmp_path / "set.parquet", sequences)
        line = ["action", "baseline", str(tmp_path / "set.parquet"), "--json", str(tmp_path / "found.json")]
        assert main([*line, "--methods", "chance,nearest,warped", *flags]) == 0
        return {row["method"]: row for row in json.loads((tmp_path / "found.json").read_text())["methods"]}

    return run


def test_each_person_is_told_by_what_the_others_do(judged, people: list[SkeletonSequence], capsys) -> None:
    rows = judged(people)
    assert rows["nearest"]["accuracy"] == rows["warped"]["accuracy"] == 1.0
    assert rows["chance"]["balanced_accuracy"] == 0.5
    assert rows["nearest"]["intervals"]["groups"] == 3
    assert "each of 3 subjects measured by what was learnt from others" in " ".join(capsys.readouterr().out.split())


def test_only_who_is_in_the_fold_could_have_told_it_and_is_not_asked(judged, people: list[SkeletonSequence]) -> None:
    strange = [replace(one, label=f"{one.label}_{one.subject}") for one in people]
    assert judged(strange)["nearest"]["accuracy"] == 0.0


def test_right_and_wrong_are_told_within_each_class(judged, people: list[SkeletonSequence]) -> None:
    half = np.array([1.0, 0.6])
    wrong = [
        replace(one, name=f"{one.name}_wrong", points=(one.points - 0.5) * half + 0.5, annotations=Annotations(correct=False))
        for one in people
    ]
    right = [replace(one, annotations=Annotations(correct=True)) for one in people]
    rows = judged([*right, *wrong], "--target", "correct")
    assert rows["nearest"]["n"] == 12 and rows["nearest"]["balanced_accuracy"] == 1.0


def test_a_page_takes_the_table_between_its_marks(judged, people: list[SkeletonSequence], tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Mine\n<!-- physio: mine -->\n<!-- /physio: mine -->\n")
    judged(people, "--tables", str(page), "--mark", "mine", "--folds", "0")
    text = page.read_text()
    assert "`physio action baseline columns:SET --folds 0 --methods chance,nearest,warped`" in text
    assert "| nearest neighbour, same moments | 6 | 1.000 |" in text and text.startswith("# Mine\n")


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        (["--methods", "magic"], "--methods magic: known are chance, nearest, warped, svm"),
        (["--methods", ","], "--methods ',' names nothing"),
        (["--map", "plank=squat"], "the set has no class 'plank'; it has deep_squat, lunge"),
        (["--target", "correct"], "no sequence of the set is annotated as correct or incorrect"),
        (["--folds", "9"], "parts need as many subjects or recordings"),
        (["--subjects", "p1"], "folds of 1 subjects"),
        (["--map", "deep_squat=lunge"], "nothing to tell apart: all are lunge"),
    ],
)
def test_a_baseline_that_says_nothing_is_refused(tmp_path: Path, people, capsys, flags: list[str], says: str) -> None:
    write_set(tmp_path / "set.parquet", people)
    assert main(["action", "baseline", str(tmp_path / "set.parquet"), *flags]) == 2
    assert says in capsys.readouterr().err


def test_without_scikit_learn_one_is_told_what_to_install(monkeypatch, tmp_path: Path, people, capsys) -> None:
    monkeypatch.setitem(sys.modules, "sklearn", None)
    write_set(tmp_path / "set.parquet", people)
    line = ["action", "baseline", str(tmp_path / "set.parquet")]
    assert main([*line, "--methods", "svm"]) == 2
    assert "needs scikit-learn" in capsys.readouterr().err
    assert main(line) == 0
    assert "left out, for want of its library (scripts/setup --training): svm" in " ".join(capsys.readouterr().out.split())


def test_layouts_of_a_set_become_the_models(tmp_path: Path, people: list[SkeletonSequence]) -> None:
    write_set(tmp_path / "set.parquet", [in_layout(one, "coco_17") for one in people])
    assert evaluate(tmp_path / "set.parquet", "--map", "deep_squat=squat", "--json", tmp_path / "found.json") == 0
    assert json.loads((tmp_path / "found.json").read_text())["accuracy"] == 1.0
