"""No language lacks a text, what a clinic replaces is replaced, and what it cannot mean is refused with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from physio_core.cli import main
from physio_core.errors import ConfigError
from physio_core.languages.catalogue import read_catalogue
from physio_core.languages.texts import SOURCE, languages, load_texts, placeholders, shipped

LANGUAGES = ("en", "da", "de", "ko", "nb")


def own(folder: Path, content: str, language: str = "de") -> str:
    (folder / f"{language}.po").write_text(content, encoding="utf-8")
    return str(folder)


def block(key: str, text: str) -> str:
    return f'msgctxt "{key}"\nmsgid "whatever"\nmsgstr "{text}"\n\n'


def test_five_languages_ship():
    assert languages() == LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_language_lacks_a_text_and_none_has_one_that_is_not_english_too(language):
    source = [(message.key, message.source) for message in read_catalogue(shipped() / f"{SOURCE}.po")]
    assert [(message.key, message.source) for message in read_catalogue(shipped() / f"{language}.po")] == source
    assert len(dict(source)) == len(source)
    assert load_texts(language).untranslated == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_text_has_the_placeholders_of_the_english_one(language):
    english, texts = load_texts(SOURCE).phrases, load_texts(language).phrases
    assert {key: placeholders(text) for key, text in texts.items()} == {key: placeholders(text) for key, text in english.items()}


def test_a_clinic_replaces_one_sentence_and_all_others_stay(tmp_path):
    texts = load_texts("de", own(tmp_path, block("screen.paused", "Ruhe")))
    assert texts.part("screen")["paused"] == "Ruhe"
    assert texts.part("screen")["stopped"] == load_texts("de").part("screen")["stopped"]
    assert load_texts("en", own(tmp_path, block("screen.paused", "Rest"), "en")).phrases["screen.paused"] == "Rest"


def test_a_language_of_ones_own_speaks_english_where_it_has_no_text_yet(tmp_path):
    folder = own(tmp_path, block("screen.paused", "Tauko"), "fi")
    assert languages(folder) == ("en", *sorted({*LANGUAGES[1:], "fi"}))
    texts = load_texts("fi", folder)
    assert (texts.phrases["screen.paused"], texts.phrases["screen.stopped"]) == ("Tauko", "Stopped")
    assert "screen.stopped" in texts.untranslated and "screen.paused" not in texts.untranslated


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (block("screen.pausd", "Ruhe"), r"de\.po:2: no text has the key .*'screen\.pausd'; did you mean 'screen\.paused'"),
        (block("completely.else", "Ruhe"), r"no text has the key .*en\.po has all"),
        (block("screen.next_is", "Dann: {titel}"), r"no placeholder \{titel\}; this text may have: \{title\}"),
        (block("screen.next_is", "Dann: {title.__class__}"), r"no placeholder \{title\.__class__\}"),
        (block("screen.paused", "{seconds}"), "may have: none"),
        (block("screen.next_is", "Dann: {title"), "expected '}' before end of string; write {{ for a brace"),
        ('msgid "Pause"\nmsgstr "Ruhe"\n', r"de\.po:1: 'Pause' has no key \(msgctxt\)"),
        ("screen: paused\n", r"de\.po: cannot be read as a gettext catalogue"),
    ],
)
def test_a_text_that_cannot_be_used_is_refused_with_its_place(tmp_path, content, said):
    with pytest.raises(ConfigError, match=said):
        load_texts("de", own(tmp_path, content))


def test_bytes_that_are_no_utf_8_and_folders_that_are_none_are_refused(tmp_path):
    (tmp_path / "de.po").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match=r"de\.po: cannot be read"):
        load_texts("de", str(tmp_path))
    with pytest.raises(ConfigError, match="is not a folder"):
        load_texts("de", str(tmp_path / "none"))


def test_a_language_that_is_not_there_is_refused_by_name():
    with pytest.raises(ConfigError, match=f"'xx'; there is: {', '.join(languages())}"):
        load_texts("xx")


def test_a_new_language_begins_with_every_text_to_translate_and_is_listed(tmp_path, capsys):
    path = tmp_path / "fi.po"
    assert main(["language", "update", str(path)]) == 1
    assert len(read_catalogue(path)) == len(load_texts(SOURCE).phrases)
    path.write_text(path.read_text(encoding="utf-8").replace('"Pause"\nmsgstr ""', '"Pause"\nmsgstr "Tauko"'), encoding="utf-8")
    assert main(["language", "update", str(path)]) == 1
    assert load_texts("fi", str(tmp_path)).phrases["screen.paused"] == "Tauko"
    assert main(["language", "list", "--wording-dir", str(tmp_path)]) == 1
    out = capsys.readouterr().out
    assert "Finnish" in out and "fi: screen.stopped: Stopped" in out


def test_a_translation_of_a_sentence_that_changed_is_not_kept(tmp_path):
    path = tmp_path / "de.po"
    own(tmp_path, 'msgctxt "screen.paused"\nmsgid "Break"\nmsgstr "Ruhe"\n')
    assert main(["language", "update", str(path)]) == 1
    assert {message.key: message.text for message in read_catalogue(path)}["screen.paused"] == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogues_that_ship_are_written_as_the_command_writes_them(language, tmp_path):
    path = tmp_path / f"{language}.po"
    path.write_bytes((shipped() / f"{language}.po").read_bytes())
    assert main(["language", "update", str(path)]) == 0
    assert path.read_text(encoding="utf-8") == (shipped() / f"{language}.po").read_text(encoding="utf-8")
