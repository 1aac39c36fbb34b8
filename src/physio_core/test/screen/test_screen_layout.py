"""Where things stand: inside the screen, beside each other, large enough, and where a tap finds them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from physio_core.coach.session import State, Status
from physio_core.screen.desk import desk_scene
from physio_core.screen.draw import measure
from physio_core.screen.gallery import samples
from physio_core.screen.layout import (
    CAPITAL_PER_SIZE,
    HEIGHT_PX,
    KEY_PX,
    LEAST_PX,
    PIXEL_MM,
    WIDTH_PX,
    Action,
    Box,
    Rect,
    Symbol,
    Text,
    balanced,
    fit,
    wrap,
)
from physio_core.screen.palette import BLUISH_GREEN, contrast
from physio_core.screen.state import Desk, ScreenState

SCREEN = Rect(0, 0, WIDTH_PX, HEIGHT_PX)


def ten_px_a_letter(text: str, _size_px: int = 0) -> int:
    return 10 * len(text)


def scenes(screen):
    return {name: screen.scene(state) for name, state in samples(screen.words).items()}


def inside(inner: Rect, outer: Rect) -> bool:
    return Rect(*outer).contains(inner.x, inner.y) and outer.contains(inner.x + inner.width - 1, inner.y + inner.height - 1)


def test_everything_is_inside_the_screen(any_screen):
    for name, scene in scenes(any_screen).items():
        for item in scene.items:
            assert inside(item.rect, SCREEN), (name, item)


def test_nothing_covers_anything_else(any_screen):
    for name, scene in scenes(any_screen).items():
        solid = [item for item in scene.items if not isinstance(item, Box)]
        for index, item in enumerate(solid):
            for other in solid[index + 1 :]:
                assert not item.rect.overlaps(other.rect), (name, item, other)


def test_boxes_hold_whole_items_or_none(any_screen):
    for name, scene in scenes(any_screen).items():
        for box in (item for item in scene.items if isinstance(item, Box)):
            for item in scene.items:
                if item.rect.overlaps(box.rect):
                    assert inside(item.rect, box.rect) or inside(box.rect, item.rect), (name, box, item)


def test_no_word_is_cut(any_screen):
    for name, scene in scenes(any_screen).items():
        for item in (item for item in scene.items if isinstance(item, Text)):
            _, lines = fit(item.text, item.rect, item.size_px, measure)
            assert " ".join(lines) == " ".join(item.text.split()), (name, item)


def test_key_words_are_at_full_size_and_legible_at_three_metres(any_screen):
    capital_mm = KEY_PX * CAPITAL_PER_SIZE * PIXEL_MM
    assert capital_mm / 3000 >= 0.003
    for name, scene in scenes(any_screen).items():
        for item in (item for item in scene.items if isinstance(item, Text) and item.size_px >= KEY_PX):
            assert fit(item.text, item.rect, item.size_px, measure)[0] >= KEY_PX, (name, item)


def test_every_patient_scene_has_a_key_word_and_a_symbol_for_three_metres(any_screen):
    for name, state in samples(any_screen.words).items():
        if state.desk:
            continue
        items = any_screen.scene(state).items
        words = [item.text for item in items if isinstance(item, Text) and item.size_px >= KEY_PX]
        assert any_screen.words.key_word(state.status) in words, name
        assert any(isinstance(item, Symbol) and item.rect.height >= 80 for item in items), name


@pytest.mark.parametrize("exercise", ["squat", "lunge", "deadlift", "push_up", "pull_up", "jumping_jack"])
def test_every_title_is_at_full_size_and_every_instruction_is_whole(any_screen, exercise):
    scene = any_screen.scene(ScreenState(status=Status(State.SHOW, 1, exercise)))
    title, instruction = (item for item in scene.items if isinstance(item, Text) and item.rect.y < 130 and item.rect.x < 100)
    assert fit(title.text, title.rect, title.size_px, measure) == (KEY_PX, (any_screen.words.title(exercise),))
    size_px, _ = fit(instruction.text, instruction.rect, instruction.size_px, measure)
    assert size_px == instruction.size_px


def test_texts_contrast_with_their_ground(any_screen):
    for name, scene in scenes(any_screen).items():
        for item in (item for item in scene.items if isinstance(item, Text)):
            assert contrast(item.colour, item.ground) >= 4.5, (name, item)


def test_texts_name_the_ground_they_really_stand_on(any_screen):
    for name, state in samples(any_screen.words).items():
        any_screen.show(state)
        pixels = any_screen.pixels()
        for item in (item for item in any_screen.scene(state).items if isinstance(item, Text) and item.text):
            assert tuple(pixels[item.rect.y + 4, item.rect.x + 4]) == item.ground, (name, item)


def test_a_tap_finds_the_button_under_it(english):
    scene = desk_scene(ScreenState(status=Status(), desk=Desk()), english)
    for rect, event in scene.buttons:
        assert scene.button_at(*rect.centre) == event
    assert scene.button_at(WIDTH_PX - 1, HEIGHT_PX - 1) is None


def test_buttons_are_as_large_as_a_finger(any_screen):
    for scene in scenes(any_screen).values():
        for rect, _ in scene.buttons:
            assert min(rect.width, rect.height) * PIXEL_MM >= 8.0


def test_pause_is_offered_while_going_on_and_resume_while_paused(screen):
    def offered(state: State) -> set[Action]:
        return {event.action for _, event in screen.scene(ScreenState(status=Status(state, 1, "squat"))).buttons}

    for state in (State.SHOW, State.WATCH, State.VERDICT):
        assert {Action.PAUSE, Action.STOP} <= offered(state)
    assert Action.RESUME in offered(State.PAUSED)
    assert Action.PAUSE not in offered(State.PAUSED)
    assert Action.STOP not in offered(State.STOPPED)


def test_release_is_offered_only_while_the_guard_holds(english):
    state = samples(english)["therapist_held"]
    assert Action.REARM in {event.action for _, event in desk_scene(state, english).buttons}
    free = replace(state, guard=samples(english)["therapist_list"].guard)
    assert Action.REARM not in {event.action for _, event in desk_scene(free, english).buttons}


def test_wrapping_breaks_at_spaces_and_keeps_long_words():
    assert wrap("one two three", 70, ten_px_a_letter) == ("one two", "three")
    assert wrap("extraordinarily long", 70, ten_px_a_letter) == ("extraordinarily", "long")
    assert wrap("", 70, ten_px_a_letter) == ()


def test_balanced_lines_leave_no_lonely_last_word():
    assert balanced("aaaa bbbb cccc dddd", 149, ten_px_a_letter) == ("aaaa bbbb", "cccc dddd")


def test_a_text_that_fits_at_no_size_is_cut_with_an_ellipsis():
    size_px, lines = fit("much too long for this small place", Rect(0, 0, 100, LEAST_PX + 4), 40, ten_px_a_letter)
    assert size_px == LEAST_PX
    assert lines[0].endswith("…")
    assert ten_px_a_letter(lines[0]) <= 100


def test_black_on_white_has_the_contrast_that_wcag_gives():
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21.0)
    assert contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)
    assert contrast(BLUISH_GREEN, BLUISH_GREEN) == 1.0
