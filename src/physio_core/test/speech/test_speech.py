"""Never two at once; a newer sentence replaces one that waits, what keeps from harm interrupts, and a missing voice says why."""

from __future__ import annotations

import io
import queue
import threading
import wave
from collections.abc import Iterator

import numpy as np
import pytest

from physio_core.errors import SpeechError
from physio_core.languages.texts import languages
from physio_core.speech import speaker as speaking
from physio_core.speech.engine import Engine
from physio_core.speech.player import Player
from physio_core.speech.queue import SpeechQueue, Utterance
from physio_core.speech.sounds import SOUNDS, sound
from physio_core.speech.speaker import Speaker, open_voice
from physio_core.speech.voice import NullVoice, Priority, SpeechConfig
from physio_core.speech.waves import RATE_HZ, Wave, read_wave

WAIT_S = 5.0
CUE, COUNT, SAFETY = Priority.CUE, Priority.COUNT, Priority.SAFETY


def wav(samples: np.ndarray, rate_hz: int = RATE_HZ, channels: int = 1, width: int = 2) -> bytes:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setparams((channels, width, rate_hz, 0, "NONE", ""))
        file.writeframes(samples.tobytes())
    return buffer.getvalue()


class Recorder:
    """A loudspeaker that plays until it is told that it is over."""

    def __init__(self) -> None:
        self.played: queue.Queue[int] = queue.Queue()
        self.volumes: list[float] = []
        self.sounding = threading.Event()
        self.both = False

    @property
    def busy(self) -> bool:
        return self.sounding.is_set()

    def play(self, wave: Wave, volume: float) -> None:
        self.both |= self.busy
        self.sounding.set()
        self.volumes.append(volume)
        self.played.put(len(wave.samples))

    def stop(self) -> None:
        self.sounding.clear()

    def close(self) -> None:
        self.sounding.clear()

    def hears(self) -> int:
        return self.played.get(timeout=WAIT_S)


class Lengths(Engine):
    """A sentence sounds as many samples as it has letters."""

    def __init__(self) -> None:
        super().__init__("cat", 150)
        self.rendered: queue.Queue[str] = queue.Queue()

    def _run(self, text: str, language: str) -> Wave:
        self.rendered.put(text)
        if text == "fail":
            raise SpeechError("the program failed")
        return Wave(np.zeros(len(text), np.int16))


@pytest.fixture
def player() -> Recorder:
    return Recorder()


@pytest.fixture
def engine() -> Lengths:
    return Lengths()


@pytest.fixture
def voice(player: Recorder, engine: Lengths) -> Iterator[Speaker]:
    made = Speaker(SpeechConfig(), player, engine)
    yield made
    made.close()


def test_one_sentence_waits_for_the_other_and_the_newest_of_those_that_wait_is_said(voice, player):
    voice.say("a", "en")
    assert player.hears() == 1
    voice.say("too late", "en")
    voice.say("newer", "en")
    player.stop()
    assert player.hears() == len("newer")
    assert player.played.empty() and not player.both


def test_what_keeps_from_harm_interrupts_and_clears_what_waits(voice, player):
    voice.say("a long sentence", "en")
    player.hears()
    voice.say("waits", "en")
    voice.say("stop", "en", SAFETY)
    assert player.hears() == len("stop")
    player.stop()
    voice.say("after", "en")
    assert player.hears() == len("after")


def test_a_sound_comes_before_its_words_and_without_a_program_alone(voice, player):
    voice.say("one", "en", COUNT, "count")
    assert player.hears() == len(sound("count").samples)
    player.stop()
    assert player.hears() == len("one")
    alone = Speaker(SpeechConfig(), Recorder(), None, "not installed")
    alone.say("one", "en", COUNT, "right")
    assert alone._player.hears() == len(sound("right").samples)
    alone.close()


def test_fixed_sentences_are_rendered_ahead_and_only_once(voice, player, engine, monkeypatch):
    monkeypatch.setattr(speaking, "PREPARE_EVERY_S", 0.001)
    voice.prepare(["abc", "de"], "en")
    assert [engine.rendered.get(timeout=WAIT_S) for _ in range(2)] == ["abc", "de"]
    voice.say("abc", "en")
    player.hears()
    assert engine.rendered.empty()


def test_after_what_cannot_be_rendered_the_next_is_said(voice, player, engine):
    voice.say("fail", "en")
    assert engine.rendered.get(timeout=WAIT_S) == "fail"
    voice.say("well", "en")
    assert player.hears() == len("well")


def test_trouble_is_told_until_words_are_rendered_again(player, engine):
    voice = Speaker(SpeechConfig(), player, engine)
    voice.say("fail", "en")
    assert engine.rendered.get(timeout=WAIT_S) == "fail"
    voice.close()
    assert voice.trouble == "the program failed"
    voice = Speaker(SpeechConfig(), player, engine, voice.trouble)
    voice.say("well", "en")
    assert player.hears() == len("well")
    assert voice.trouble == ""
    voice.close()


def test_a_voice_that_is_turned_off_is_silent_at_once_and_speaks_again(voice, player):
    voice.say("a long sentence", "en")
    player.hears()
    voice.configure(SpeechConfig(enabled=False))
    voice.say("nobody hears this", "en")
    voice.configure(SpeechConfig(volume=0.3))
    voice.say("now", "en")
    assert player.hears() == len("now") and player.volumes[-1] == 0.3


@pytest.mark.parametrize(
    ("puts", "later_s", "said"),
    [
        ([("cue", CUE), ("7", COUNT)], 0.5, ["7", "cue"]),
        ([("cue", CUE), ("7", COUNT)], 2.0, ["cue"]),
        ([("cue", CUE)], 6.0, []),
        ([("stop", SAFETY), ("cue", CUE)], 60.0, ["stop"]),
        ([("cue", CUE), ("stop", SAFETY)], 0.0, ["stop"]),
        ([("6", COUNT), ("7", COUNT)], 0.0, ["7"]),
    ],
)
def test_what_waits_is_said_by_urgency_while_it_is_worth_it(puts, later_s, said):
    waiting = SpeechQueue()
    for text, priority in puts:
        waiting.put(Utterance(text, "en", priority), 0.0)
    taken = [waiting.take(later_s) for _ in range(3)]
    assert [one.text for one in taken if one] == said


def test_only_what_is_less_urgent_is_interrupted():
    waiting = SpeechQueue()
    assert not waiting.put(Utterance("stop", "en", SAFETY), 0.0)
    waiting.take(0.0)
    assert not waiting.put(Utterance("stop", "en", SAFETY), 0.0)
    waiting.take(0.0)
    waiting.put(Utterance("cue", "en"), 0.0)
    waiting.take(0.0)
    assert not waiting.put(Utterance("cue", "en"), 0.0) and waiting.put(Utterance("stop", "en", SAFETY), 0.0)


@pytest.mark.parametrize("name", SOUNDS)
def test_sounds_are_short_soft_and_without_a_click(name):
    samples = sound(name).samples
    assert 0.05 < sound(name).duration_s < 1.0
    assert 3000 < abs(samples).max() < 16000 and abs(samples[[0, -1]]).max() < 400


def test_waves_of_other_rates_and_channels_are_brought_to_one():
    stereo = np.repeat(np.arange(4410, dtype=np.int16), 2)
    heard = read_wave(wav(stereo, 44100, 2))
    assert heard.duration_s == pytest.approx(0.1, abs=0.001) and heard.samples[1000] == pytest.approx(2000, abs=2)


@pytest.mark.parametrize(
    ("content", "said"), [(b"", "no WAV"), (b"RIFF", "no WAV"), (wav(np.zeros(10, np.uint8), width=1), "8 bits")]
)
def test_what_is_no_wave_is_refused(content, said):
    with pytest.raises(SpeechError, match=said):
        read_wave(content)


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("no-such-program {language}", "'no-such-program' is not installed"),
        ("cat {text}", "cannot be used: 'text'"),
        ("cat '", "No closing quotation"),
        ("", "'' is not installed"),
    ],
)
def test_a_command_that_cannot_be_used_is_refused(command, said):
    with pytest.raises(SpeechError, match=said):
        Engine(command, 150)


def test_a_program_that_fails_or_writes_no_wave_is_refused():
    with pytest.raises(SpeechError, match=r"ended with 1 in language 'en'"):
        Engine("false", 150).render("a", "en")
    with pytest.raises(SpeechError, match="no WAV"):
        Engine("cat", 150).render("a", "en")


def test_a_program_is_given_the_words_on_its_input_so_that_none_is_taken_for_an_option(tmp_path):
    sample = tmp_path / "sample.wav"
    sample.write_bytes(wav(np.ones(100, np.int16)))
    said = Engine(f"sh -c 'cat > {tmp_path}/said; cat {sample}' sh", 150)
    assert len(said.render("--help; $(reboot)", "en").samples) == 100
    assert (tmp_path / "said").read_text() == "--help; $(reboot)"


@pytest.mark.parametrize("language", languages())
def test_espeak_speaks_every_language_that_ships(language):
    try:
        engine = Engine(SpeechConfig().command, 150)
    except SpeechError as error:
        pytest.skip(str(error))
    assert 0.3 < engine.render("1 2 3", language).duration_s < 5.0


def test_without_a_sound_device_the_coach_is_silent_and_says_so(monkeypatch):
    monkeypatch.setenv("SDL_AUDIODRIVER", "none_such")
    none = open_voice(SpeechConfig())
    assert isinstance(none, NullVoice) and "no sound device" in none.trouble
    none.say("nothing", "en")
    none.prepare([], "en")
    none.configure(SpeechConfig())
    none.close()


def test_without_a_program_there_are_sounds_and_it_says_so(monkeypatch):
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    voice = open_voice(SpeechConfig(command="no-such-program"))
    voice.say("nothing", "en", COUNT, "count")
    assert "is not installed" in voice.trouble
    voice.close()


def test_the_player_plays_to_the_end_and_stops_when_told(monkeypatch):
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    player = Player()
    player.play(sound("end"), 0.5)
    assert player.busy
    player.stop()
    assert not player.busy
    player.close()
