"""Whole or not at all: whatever goes wrong, what was there before is still there, and nothing half-written is left."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from physio_core.errors import OutputError
from physio_core.files import check_folder, check_writable, write_bytes, write_json, write_text, writing, writing_into


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_replaced_and_keeps_its_permissions(tmp_path):
    path = tmp_path / "private.json"
    path.write_text("old")
    path.chmod(0o600)
    write_json(path, {"a": 1})
    assert path.read_text() == '{\n  "a": 1\n}\n'
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert names(tmp_path) == ["private.json"]


def test_what_fails_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "page.html"
    path.write_text("good")
    with pytest.raises(KeyboardInterrupt), writing(path) as part:
        part.write_text("half")
        raise KeyboardInterrupt
    assert path.read_text() == "good"
    assert names(tmp_path) == ["page.html"]


def test_a_full_disk_is_one_line_and_leaves_the_old_file(tmp_path, small_files):
    path = tmp_path / "page.html"
    path.write_text("good")
    with small_files(1000), pytest.raises(OutputError, match=r"cannot write .*page\.html: File too large; make room there"):
        write_bytes(path, bytes(2000))
    assert path.read_text() == "good"
    assert names(tmp_path) == ["page.html"]


def test_a_symbolic_link_is_followed_also_to_what_is_not_there_yet(tmp_path):
    (tmp_path / "disk").mkdir()
    for name in ("there", "not_yet"):
        link = tmp_path / name
        link.symlink_to(tmp_path / "disk" / name)
    (tmp_path / "disk/there").write_text("old")
    for name in ("there", "not_yet"):
        write_text(tmp_path / name, "new")
        assert (tmp_path / name).is_symlink()
        assert (tmp_path / "disk" / name).read_text() == "new"


def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path):
    pipe, read = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    write_text(pipe, "all of it")
    reader.join(5.0)
    assert read == ["all of it"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_an_output_that_leads_into_a_file_is_written_to_in_its_turn(tmp_path):
    command = "write_text(Path('{}'), 'new '); print('after', end=' ')"
    code = "from pathlib import Path; from physio_core.files import write_text; print('before', end=' '); "
    with (tmp_path / "log").open("wb") as log:
        for place in ("/dev/stdout", "/dev/fd/1"):
            subprocess.run([sys.executable, "-c", code + command.format(place)], stdout=log, check=True)
    assert (tmp_path / "log").read_text() == "before new after " * 2


def test_names_that_are_not_utf_8_are_written_as_they_are(tmp_path):
    write_text(tmp_path / "list.csv", os.fsdecode(b"latin_\xfc.mp4"))
    assert (tmp_path / "list.csv").read_bytes() == b"latin_\xfc.mp4"


def test_a_folder_of_files_takes_its_places_and_leaves_others_alone(tmp_path):
    for name in ("kept", "card"):
        (tmp_path / name).write_text("old")
    (tmp_path / "clips").mkdir()
    (tmp_path / "clips/old").touch()
    with writing_into(tmp_path, last="card") as new:
        (new / "card").write_text("new")
        (new / "clips").mkdir()
        (new / "clips/new").touch()
    assert (tmp_path / "kept").read_text() == "old"
    assert (tmp_path / "card").read_text() == "new"
    assert names(tmp_path) == ["card", "clips", "kept"]
    assert names(tmp_path / "clips") == ["new"]


def test_what_goes_into_a_folder_is_prepared_within_it_because_a_disk_may_be_mounted_there(tmp_path):
    with writing_into(tmp_path) as new:
        assert tmp_path in new.parents
    with pytest.raises(OutputError, match="is not a folder"):
        (tmp_path / "file").touch()
        check_folder(tmp_path / "file")


def test_a_folder_that_holds_something_is_not_replaced(tmp_path):
    (tmp_path / "set").mkdir()
    (tmp_path / "set/mine.txt").touch()
    with pytest.raises(OutputError, match="is a folder that holds something"), writing(tmp_path / "set"):
        pytest.fail("must be refused before the work")


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("folder", "it is a folder; name a file"),
        ("file/x.json", r"file is not a folder; choose another place"),
        ("loop/x.json", "levels of symbolic links"),
        ("/proc/x.json", "choose another place"),
    ],
)
def test_what_could_not_be_written_is_refused_before_the_work(path, message, tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(OutputError, match=message):
        check_writable(tmp_path / path)


def test_the_check_makes_folders_but_no_file_and_does_not_touch_one(tmp_path):
    (tmp_path / "here.json").write_text("old")
    check_writable(tmp_path / "new/a.json", None, tmp_path / "here.json", tmp_path / "pipe")
    check_folder(tmp_path / "model")
    assert names(tmp_path) == ["here.json", "new"]
    assert not names(tmp_path / "new")
    assert (tmp_path / "here.json").read_text() == "old"


def test_two_who_check_and_write_the_same_places_at_once_do_not_meet(tmp_path):
    def use() -> None:
        for _ in range(50):
            check_folder(tmp_path / "model")
            write_json(tmp_path / "one.json", [0] * 100)

    with ThreadPoolExecutor(4) as people:
        for done in [people.submit(use) for _ in range(4)]:
            done.result()
    assert names(tmp_path) == ["one.json"]
    assert (tmp_path / "one.json").read_text() == "[\n  " + ",\n  ".join(["0"] * 100) + "\n]\n"


def test_one_file_for_two_outputs_and_a_wrong_ending_are_refused(tmp_path):
    (tmp_path / "b.json").symlink_to(tmp_path / "a.json")
    with pytest.raises(OutputError, match=r"b\.json is to be written twice"):
        check_writable(tmp_path / "a.json", tmp_path / "b.json")
    with pytest.raises(OutputError, match=r"has the ending '\.jpg'; what is written there needs \.png"):
        check_writable(tmp_path / "x.jpg", endings=(".png",))
    check_writable(tmp_path / "x.PNG", endings=(".png",))


@pytest.mark.parametrize("reads", ["clip.mp4", "link.mp4"])
def test_what_is_read_is_never_written_over(tmp_path, monkeypatch, reads):
    monkeypatch.chdir(tmp_path)
    Path("clip.mp4").write_text("frames")
    Path("link.mp4").symlink_to("clip.mp4")
    for out in ("clip.mp4", "link.mp4", str(tmp_path / "clip.mp4")):
        with pytest.raises(OutputError, match="is what is read"):
            check_writable(Path(out), reads=[Path(reads)])
    check_writable(Path("figures.json"), None, reads=[Path(reads), None])
    assert Path("clip.mp4").read_text() == "frames"
