"""How often hands opened is counted of the clips that are asked for, and of no others."""

from __future__ import annotations

from physio_core.cli import REFUSED, main


def test_a_grade_that_no_clip_has_is_refused_before_the_work(tmp_path, capsys):
    (tmp_path / "INDEX.csv").write_text("file,label,grade\none.mp4,hand open close,A\n")
    assert main(["hand", "cycles", str(tmp_path), "--grades", "C"]) == REFUSED
    assert "--grades C: no clip has grade C; there are: A" in capsys.readouterr().err
