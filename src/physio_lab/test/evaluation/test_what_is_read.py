"""An output that names what a command reads is refused before the work, and the file stays."""

from __future__ import annotations

import pytest

from physio_core import cli


@pytest.mark.parametrize(
    "words",
    [
        "action recognise clip.mp4 --json clip.mp4",
        "action evaluate . --json clip.mp4",
        "action evaluate . --csv INDEX.csv",
        "coach evaluate . --csv INDEX.csv",
        "coach evaluate . --json clip.mp4",
        "action evaluate-set kinetics:set --json set/one.json",
        "action baseline kinetics:set --json set/one.json",
        "action evaluate-set kinetics:set --json set_label.json",
        "action baseline kinetics:set --json set_label_name.txt",
        "action baseline npy:arrays_data.npy --json arrays_label.pkl",
        "dataset stats npy:arrays_data.npy --json label_name.txt",
        "dataset stats pyskl:other.pkl --json other_label_name.txt",
        "dataset stats npy:arrays_data.npy --beside pyskl:other.pkl --json other.pkl",
        "train recipe.yaml --json recipe.yaml",
        "reps evaluate . --json INDEX.csv",
        "reps evaluate-landmarks arrays_data.npy INDEX.csv --json arrays_data.npy",
        "pose compare . --json INDEX.csv",
        "pose compare . --hands --json clip.mp4",
        "hand cycles . --grades= --label squat --json clip.mp4",
        "hand states evaluate --train . --json clip.mp4",
        "hand states learn . --out index.csv",
        "hand landmarks evaluate --real . --json index.csv",
        "hand score clip.mp4 --item hook --json clip.mp4",
        "hand body clip.mp4 --item elbow_flexion --side left --json clip.mp4",
        "hand tapping --train INDEX.csv --json INDEX.csv",
        "hand wmft-network --data . --json index.csv",
        "trajectory score path.csv --json path.csv",
        "trajectory classify path.csv --json path.csv",
        "trajectory generate path.csv --out path.csv",
        "sim noise set --json set/takes/0.npz",
    ],
)
def test_an_output_never_replaces_what_is_read(tmp_path, monkeypatch, capsys, words):
    if words.startswith("train"):
        pytest.importorskip("lightning", reason="the laboratory is not installed: scripts/setup --training")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "set/takes").mkdir(parents=True)
    held = {"clip.mp4": "frames", "INDEX.csv": "file,label\nclip.mp4,squat\n", "set/one.json": "{}", "recipe.yaml": "name: one\n"}
    beside = ("set_label.json", "set_label_name.txt", "arrays_data.npy", "arrays_label.pkl", "label_name.txt", "other.pkl",
              "other_label_name.txt")  # fmt: skip
    held |= {"index.csv": "file,person,recording,frame,state\nclip.mp4,p,r,1,open\n", "set/takes/0.npz": "", "path.csv": ""}
    held |= dict.fromkeys(beside, "squat\n")
    for name, text in held.items():
        (tmp_path / name).write_text(text)
    assert cli.carry_out(cli.parse(words.split())) == cli.REFUSED
    assert "is what is read" in capsys.readouterr().err
    assert {name: (tmp_path / name).read_text() for name in held} == held
