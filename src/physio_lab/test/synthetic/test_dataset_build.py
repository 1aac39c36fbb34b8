"""`physio dataset build` as its user runs it: real processes and MediaPipe, a rendered patient whose joints are known."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import time

import numpy as np
import pytest

from physio_core.cli import main
from physio_lab.datasets.build import Builder, totals
from physio_lab.datasets.clean import CleanConfig
from physio_lab.datasets.extract import ExtractConfig
from physio_lab.datasets.formats import open_set
from physio_lab.datasets.manifest import read_manifest
from physio_lab.synthetic.clips import render_clip
from physio_sim.params import ClinicConfig

FPS, SECONDS = 15.0, 2.0


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A squat seen from the front, its truth, and a list that also asks for what cannot be had."""
    pytest.importorskip("pyarrow", reason="pyarrow comes with scripts/setup --training")
    folder = tmp_path_factory.mktemp("build")
    config = ClinicConfig(width_px=320, height_px=240)
    clip = render_clip(folder, "squat", "able", "front", config, SECONDS, FPS)
    (folder / "list.csv").write_text(
        f"label,source,start_s,end_s,subject\nsquat,{clip.file},,,able\nsquat,{clip.file},1,0,able\nlunge,gone.mp4,,,bob\n"
    )
    return folder


def build(folder, *more):
    out = folder / "out"
    return main(["dataset", "build", str(folder / "list.csv"), "--out", str(out), "--workers", "1", "--fps", str(FPS), *more])


def test_a_list_becomes_a_set_with_the_joints_where_they_are(folder, capsys):
    assert build(folder, "--size", "320x240") == 0
    assert "1 done, 2 failed" in capsys.readouterr().out
    (sequence,) = open_set(folder / "out/set.parquet")
    truth = np.load(next(folder.glob("*.npz")))["skeleton"]
    there = (sequence.confidence[0] > 0.5) & (np.arange(len(truth)) > 0.5 * FPS)[:, None]
    away = np.linalg.norm(sequence.points[0] - truth, axis=-1)[there]
    assert (sequence.label, sequence.subject, sequence.points.shape) == ("squat", "able", (1, 30, 18, 2))
    assert there.mean() > 0.6 and np.median(away) < 0.03
    with (folder / "out/report.csv").open(newline="") as file:
        reasons = [row["reason"] for row in csv.DictReader(file)]
    assert reasons[0] == "" and "not after start_s" in reasons[1] and "no such video" in reasons[2]


def test_the_second_run_has_nothing_to_do_and_other_formats_cost_nothing(folder, capsys):
    assert build(folder, "--size", "320x240", "--format", "kinetics", "--pad", "45") == 0
    assert "1 kept, 2 failed" in capsys.readouterr().out
    (sequence,) = open_set(folder / "out/set")
    assert sequence.points.shape[1] == 45
    assert build(folder, "--size", "300x300") == 2
    assert "was built with width 320, now 300" in capsys.readouterr().err


def test_bench_prints_both_rates_of_one_run(folder, tmp_path, capsys):
    video = next(folder.glob("*.mp4"))
    assert main(["dataset", "bench", str(video), "--rounds", "1", "--fps", "15", "--json", str(tmp_path / "b.json")]) == 0
    figures = json.loads((tmp_path / "b.json").read_text())
    assert figures["build_over_bare"] == pytest.approx(figures["build_fps"] / figures["bare_fps"])
    assert figures["pictures"] == 30 and figures["bare_fps"] > 1.0
    assert figures["build_cpu_ms"] > 0.5 * figures["bare_cpu_ms"] > 0.0
    assert "share of MediaPipe's rate" in capsys.readouterr().out


def test_an_interrupted_build_leaves_a_report_and_whole_rows_and_goes_on(folder, tmp_path):
    clip = next(folder.glob("*.mp4"))
    stretches = "\n".join(f"squat,{clip},{n / 50},{n / 50 + 1}," for n in range(40))
    (tmp_path / "list.csv").write_text(f"label,source,start_s,end_s,subject\n{stretches}\n")
    # Started in the background of a shell, tests would inherit that Ctrl-C is ignored.
    command = [
        "env",
        "--default-signal=INT",
        "physio",
        "dataset",
        "build",
        str(tmp_path / "list.csv"),
        "--out",
        str(tmp_path / "out"),
        "--workers",
        "1",
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True) as process:
        # The first may be written and not yet told of; by the third it is.
        while process.poll() is None and len(list((tmp_path / "out").glob("parts/*.npz"))) < 3:
            time.sleep(0.02)
        os.killpg(process.pid, signal.SIGINT)  # as Ctrl-C in a terminal
        said = process.communicate(timeout=30)[1]
    assert (process.returncode, said) == (130, b"")
    with (tmp_path / "out/report.csv").open(newline="") as file:
        found = [row["status"] for row in csv.DictReader(file)]
    assert len(found) == 40 and set(found) == {"done", "not done"}
    again = Builder(tmp_path / "out", read_manifest(tmp_path / "list.csv"), CleanConfig(), ExtractConfig())
    assert totals(list(again.entries.values())) == {"kept": found.count("done"), "not done": found.count("not done")}
