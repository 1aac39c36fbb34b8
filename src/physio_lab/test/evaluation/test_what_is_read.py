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
    ],
)
def test_an_output_never_replaces_what_is_read(tmp_path, monkeypatch, capsys, words):
    if words.startswith("train"):
        pytest.importorskip("lightning", reason="the laboratory is not installed: scripts/setup --training")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "set").mkdir()
    held = {"clip.mp4": "frames", "INDEX.csv": "file,label\nclip.mp4,squat\n", "set/one.json": "{}", "recipe.yaml": "name: one\n"}
    beside = ("set_label.json", "set_label_name.txt", "arrays_data.npy", "arrays_label.pkl", "label_name.txt", "other.pkl",
              "other_label_name.txt")  # fmt: skip
    held |= dict.fromkeys(beside, "squat\n")
    for name, text in held.items():
        (tmp_path / name).write_text(text)
    assert cli.carry_out(cli.parse(words.split())) == cli.REFUSED
    assert "is what is read" in capsys.readouterr().err
    assert {name: (tmp_path / name).read_text() for name in held} == held
