"""People's tables: read in whatever dialect they were saved, and added to without touching what is theirs."""

from __future__ import annotations

import codecs

import pytest

from physio_core.csv_table import new_table, read_table, write_table
from physio_core.errors import InputError, OutputError

NEEDED = ("file", "label")


def table(tmp_path, data, needed=NEEDED):
    (tmp_path / "t.csv").write_bytes(data)
    return read_table(tmp_path / "t.csv", needed)


@pytest.mark.parametrize(
    "data",
    [
        "file,label,note\na.mp4,squat,möglich\n".encode(),
        codecs.BOM_UTF8 + "file;label;note\r\na.mp4;squat;möglich\r\n".encode(),
        "Note\tLABEL \t file\r\nmöglich\tsquat\ta.mp4".encode("cp1252"),
        codecs.BOM_UTF16_LE + "sep=;\nfile;label;note\na.mp4;squat;möglich\n;;\n".encode("utf-16-le"),
        'file, label, note\r"a.mp4", squat, möglich\r'.encode(),
    ],
)
def test_any_dialect_gives_the_same_cells(tmp_path, data):
    (row,) = table(tmp_path, data).rows
    assert row.cells == {"file": "a.mp4", "label": "squat", "note": "möglich"}


@pytest.mark.parametrize("mark, encoding", [(b"", "cp1252"), (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_BE, "utf-16-be")])
def test_a_row_is_added_or_replaced_and_every_other_byte_stays(tmp_path, mark, encoding):
    text = 'file;label;"größe, cm";note\r\n"a.mp4";squat;1;"two\r\nlines"\r\nb.mp4;jack;2;"keep"'
    found = table(tmp_path, mark + text.encode(encoding))
    found.put("file", {"file": "c.mp4", "label": "lunge", "unasked": 1})
    assert found.path.read_bytes() == mark + (text + "\r\nc.mp4;lunge;;\r\n").encode(encoding)
    read_table(found.path, NEEDED).put("file", {"file": "a.mp4", "label": "push_up"})
    changed = text.replace('"a.mp4";squat;1', "a.mp4;push_up;1") + "\r\nc.mp4;lunge;;\r\n"
    assert found.path.read_bytes() == mark + changed.encode(encoding)


@pytest.mark.parametrize("ending", ["\n", "\r"])
@pytest.mark.parametrize("inner", ["\n", "\r", "\r\n"])
def test_a_line_end_within_a_cell_ends_no_row(tmp_path, ending, inner):
    found = table(tmp_path, f"file,label{ending}a,squat{ending}".encode())
    found.put("file", {"file": f"b{inner}c", "label": "jack"})
    assert [row.cells["file"] for row in read_table(found.path, NEEDED).rows] == ["a", f"b{inner}c"]


def test_a_new_table_begins_with_its_heading(tmp_path):
    new_table(tmp_path / "t.csv", NEEDED).put("file", {"file": "a,b.mp4", "label": "squat"})
    assert (tmp_path / "t.csv").read_text() == 'file,label\n"a,b.mp4",squat\n'


def test_lines_are_counted_in_the_file_and_empty_ones_are_no_rows(tmp_path):
    found = table(tmp_path, b'file,label\n\n,\n"a\nb",squat\nc,jack,more\n')
    assert [(row.line, row.surplus) for row in found.rows] == [(5, False), (6, True)]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is empty; the table needs the columns file, label: write them into its first line, file,label"),
        (b"video,label\n", "has no column file; the table needs the columns file, label; the first line names: video,label"),
        (b"file,label\n\x81\x8d", r"t\.csv is not a CSV in UTF-8, UTF-16 or cp1252; save it as CSV in UTF-8"),
        (b"file,label\n\0", r"not a CSV in UTF-8"),
        (b"file,label,Label\n", "has the column label twice"),
        (b'file,label\n"' + b"x" * 200_000, "is not a CSV: field larger"),
        (b"x" * 200_000, "is not a CSV: field larger"),
        (b'file,label\na,squat\n"b,jack\nc,lunge\n', "a quotation mark in line 3 or below is not closed"),
    ],
)
def test_what_is_no_such_table_is_one_line(tmp_path, data, message):
    with pytest.raises(InputError, match=message):
        table(tmp_path, data)


def test_a_table_is_written_whole_with_the_columns_that_have_a_name(tmp_path):
    write_table(tmp_path / "t.csv", ["file", "", "label"], [{"file": "a,b", "label": "squat", "": "x"}, {"file": "c"}])
    assert (tmp_path / "t.csv").read_text() == 'file,label\n"a,b",squat\nc,\n'


def test_a_sign_that_the_files_encoding_lacks_is_refused_and_the_file_stays(tmp_path):
    found = table(tmp_path, "file,label,größe\n".encode("cp1252"))
    before = found.path.read_bytes()
    with pytest.raises(OutputError, match="cp1252 cannot hold '💪'; save it in UTF-8"):
        found.put("file", {"file": "💪.mp4", "label": "squat"})
    assert found.path.read_bytes() == before


@pytest.mark.parametrize(
    ("data", "delimiter"), [(b"sep=;\nfile;label\n", ";"), (b"SEP=\t\nfile\tlabel\n", "\t"), (b"sep=\nfile,label\n", ",")]
)
def test_a_line_that_names_the_delimiter_is_heeded_and_kept(tmp_path, data, delimiter):
    found = table(tmp_path, data)
    assert (found.names, found.rows) == (NEEDED, ())
    found.put("file", {"file": "a", "label": "squat"})
    assert found.path.read_bytes() == data + f"a{delimiter}squat\n".encode()


def test_a_row_with_fewer_cells_has_empty_ones_and_one_with_more_says_so(tmp_path):
    found = table(tmp_path, b"file,label,note\na\nb,jack,x,y\nc,jack,x,\n")
    assert [(dict(row.cells), row.surplus) for row in found.rows] == [
        ({"file": "a", "label": "", "note": ""}, False),
        ({"file": "b", "label": "jack", "note": "x"}, True),
        ({"file": "c", "label": "jack", "note": "x"}, False),
    ]
