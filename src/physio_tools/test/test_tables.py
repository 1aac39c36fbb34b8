"""What `physio profile`, `physio bench` and the self-test of the transport print of figures that are given."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pytest
from rich.console import Console

from physio_lab.evaluation.profile import Profile, Way
from physio_tools import bench, profile, transport_check
from physio_tools.bench import LIMITS, MEANING
from physio_tools.transport_check import Outcome

MEASURED = Profile(
    frames=300,
    imports_s={"numpy": 0.11, "mediapipe": 2.5},
    record_then_pose_then_infer=Way(3.0, 0.5, 10.0, 6.0, 0.02, False, {"OpenPose": 14.5, "MediaPipe": 9.25}),
    pose_while_recording=Way(3.0, 0.5, 10.0, 0.03, 0.02, True, {}),
    continual=Way(0.0, 0.0, 0.0, 0.02, 0.001, True, {}),
    first_label_s=2.84,
    load=1.25,
    cpus=2,
)


def test_what_was_loaded_before_is_not_waited_for():
    assert MEASURED.record_then_pose_then_infer.wait_s == pytest.approx(3.0 + 0.5 + 6.0 + 0.02)
    assert MEASURED.pose_while_recording.wait_s == pytest.approx(0.05)
    assert MEASURED.continual.wait_s == pytest.approx(0.021)


def test_each_way_is_a_row_and_short_times_have_more_digits():
    first, second, third = profile.rows(MEASURED)
    assert first == (
        "record, then pose, then infer",
        "3.00",
        "0.50",
        "10.00",
        "6.00",
        "0.0200",
        "9.52",
        "14.5 (OpenPose), 9.2 (MediaPipe)",
    )
    assert second[4:] == ("0.0300", "0.0200", "0.0500", "-")
    assert third[1:4] == ("0.00", "0.00", "0.00")


@pytest.mark.parametrize(
    ("first_s", "said"), [(2.84, "an exercise was first named 2.8 s after the first image"), (None, "no exercise was named")]
)
def test_what_the_table_does_not_hold_is_said_in_sentences(first_s, said):
    text = profile.after(Profile(**{**vars(MEASURED), "first_label_s": first_s}))
    assert said in text and "numpy 0.11 s, mediapipe 2.50 s" in text
    assert "1.2 processes ran or waited for the 2 processors" in text


def test_the_page_is_a_markdown_table_as_wide_as_its_head():
    lines = profile.markdown(MEASURED).splitlines()
    table = [line for line in lines if line.startswith("|")]
    assert len(table) == 2 + 3
    assert {line.count("|") for line in table} == {len(profile.HEADER) + 1}
    assert lines[0] == "Written by `physio profile --tables FILE`." and lines[-1] == profile.after(MEASURED)


def printed(figures: dict[str, float], capsys: pytest.CaptureFixture[str]) -> dict[str, list[str]]:
    bench._print(Console(width=160), figures)
    rows = [[cell.strip() for cell in line.strip("│").split("│")] for line in capsys.readouterr().out.splitlines() if "│" in line]
    return {row[0]: row[1:] for row in rows}


def test_a_figure_beyond_its_limit_is_marked_and_one_at_it_is_not(capsys):
    at = {name: limit for name, (_, limit) in LIMITS.items()}
    assert not any("✗" in cells[0] for cells in printed(at, capsys).values())
    beyond = {name: limit * (1.1 if sign == "<=" else 0.9) for name, (sign, limit) in LIMITS.items()}
    rows = printed(beyond, capsys)
    assert set(rows) >= set(LIMITS) and all("✗" in rows[name][0] for name in LIMITS)


def test_figures_have_three_digits_and_large_ones_are_whole(capsys):
    rows = printed({"pose_median_ms": 12.3456, "clip_over_step": 123.4}, capsys)
    assert rows["pose_median_ms"] == ["12.3", "", MEANING["pose_median_ms"]]
    assert rows["clip_over_step"][:2] == ["123", ">= 50"]


def test_every_limit_is_of_a_figure_that_is_explained():
    assert set(LIMITS) <= set(MEANING)


@pytest.mark.parametrize(
    ("received", "exposed", "good"), [(100, (), True), (99, (), True), (98, (), False), (100, ("udp 0.0.0.0:7400",), False)]
)
def test_a_transport_is_good_when_nearly_all_arrives_and_nothing_is_open(received, exposed, good):
    assert Outcome(100, received, 1.0, exposed).good is good


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("0100007F:1F90", ("127.0.0.1", 8080)),
        ("00000000:1CE8", ("0.0.0.0", 7400)),
        ("00000000000000000000000001000000:0016", ("::1", 22)),
    ],
)
def test_an_address_is_read_as_the_kernel_writes_it(text, address):
    assert transport_check._address(text) == address


def test_a_process_that_is_gone_has_nothing_open():
    assert transport_check.exposed_sockets(2**22 + 1) == []


def test_a_failed_self_test_says_what_to_source_and_ends_with_one(monkeypatch, capsys):
    monkeypatch.setattr(transport_check, "check", lambda _: Outcome(90, 0, math.nan, ("udp 0.0.0.0:7400",)))
    monkeypatch.setattr(transport_check.shutil, "disk_usage", lambda _: SimpleNamespace(free=1e9))
    monkeypatch.delenv("FASTRTPS_DEFAULT_PROFILES_FILE", raising=False)
    assert transport_check.main(["--seconds", "1"]) == 1
    out = capsys.readouterr()
    assert out.out == "images: received 0 of 90, median nan ms\nopen to the network: udp 0.0.0.0:7400\n"
    assert "FASTRTPS_DEFAULT_PROFILES_FILE is not set; source scripts/env" in out.err
    monkeypatch.setattr(transport_check.shutil, "disk_usage", lambda _: SimpleNamespace(free=65536))
    assert transport_check.main([]) == 1
    assert "/dev/shm has 0.1 MB free, so images have to go over loopback" in capsys.readouterr().err
    monkeypatch.setattr(transport_check, "check", lambda _: Outcome(90, 90, 4.25, ()))
    assert transport_check.main([]) == 0
    assert capsys.readouterr().out.endswith("open to the network: nothing\n")
