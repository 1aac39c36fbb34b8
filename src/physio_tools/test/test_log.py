"""What nodes say is kept to explain a failure: the last lines of all, and the one that counts."""

from __future__ import annotations

from physio_tools.log import TAIL_LINES, Log


def test_the_last_lines_are_kept_behind_the_names_of_their_processes():
    log = Log(quiet=True)
    for number in range(TAIL_LINES + 5):
        log("pose-2", f"line {number}")
    assert len(log.tail) == TAIL_LINES
    assert (log.tail[0], log.tail[-1]) == ("pose-2: line 5", f"pose-2: line {TAIL_LINES + 4}")


def test_a_quiet_log_prints_nothing_and_another_one_everything(capsys):
    for quiet in (True, False):
        Log(quiet)("pose-2", "[INFO] [pose]: ready")
    assert capsys.readouterr().out == "[pose-2] [INFO] [pose]: ready\n"


def test_a_refusal_counts_more_than_a_traceback_and_that_more_than_a_complaint():
    log = Log(quiet=True)
    assert log.reason == ""
    log("pose-2", "[ERROR] [1.0] [pose]: image refused")
    assert log.reason == "pose: image refused"
    log("pose-2", "numpy.linalg.LinAlgError: Singular matrix")
    assert log.reason == "pose-2: numpy.linalg.LinAlgError: Singular matrix"
    log("action-3", "[FATAL] [2.0] [ward7.action]: no model at /x")
    assert log.reason == "action: no model at /x"


def test_words_that_only_look_like_an_error_are_none():
    log = Log(quiet=True)
    for line in ("[WARN] [1.0] [pose]: slow", "an Error: not at the start", "[INFO] [1.0] [pose]: [FATAL] no"):
        log("pose-2", line)
    assert log.reason == ""
