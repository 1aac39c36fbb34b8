"""Where things stand, on every display: inside it, beside each other, large enough, and where a tap finds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from itertools import product

import pytest

from physio_core.assessment.repetition import Fault
from physio_core.coaching.phrasing import every_correction, fixed_texts
from physio_core.languages.texts import languages, load_texts
from physio_core.screen.drawing.letters import measure
from physio_core.screen.fitting import fit_item
from physio_core.screen.layout import (
    CAPITAL_PER_SIZE,
    COUNT,
    HEADLINE,
    READ,
    ROLES,
    VERDICT_WORD,
    Action,
    Box,
    Ring,
    Scene,
    Sheet,
    Symbol,
    Text,
)
from physio_core.screen.pages import scene_of
from physio_core.screen.palette import VERDICT_COLOURS, contrast
from physio_core.screen.state import Guard, ScreenState, TherapistPage
from physio_core.screen.wording import Words, load_words
from physio_core.session.messages import PARTS, message
from physio_core.session.status import RUNNING, SetStatus, State, Status
from physio_core.types import HoldReason, Reason, Verdict
from physio_testing.pages import DRAWING, SIZES, inside, legible, places
from physio_tools.screen.gallery import samples

FAR = (HEADLINE, READ, VERDICT_WORD)


@cache
def played(language: str) -> tuple[Words, Mapping[str, ScreenState]]:
    words = load_words(language)
    return words, samples(words)


@cache
def scenes(size: tuple[int, int], language: str) -> dict[str, Scene]:
    words, states = played(language)
    return {name: scene_of(state, words, Sheet(*size)) for name, state in states.items()}


@pytest.fixture(params=product(SIZES, languages()), ids=lambda case: f"{case[0][0]}x{case[0][1]}_{case[1]}")
def shown(request):
    return Sheet(*request.param[0]), scenes(*request.param)


def test_everything_is_inside_the_display_and_boxes_hold_whole_items_or_none(shown):
    sheet, all_scenes = shown
    for name, scene in all_scenes.items():
        boxes = [item for item in scene.items if isinstance(item, Box)]
        for item in scene.items:
            assert inside(item.rect, sheet.whole), (name, item)
            for box in boxes:
                if item.rect.overlaps(box.rect):
                    assert inside(item.rect, box.rect) or inside(box.rect, item.rect), (name, box, item)


def test_nothing_covers_anything_else(shown):
    for name, scene in shown[1].items():
        solid = [item for item in scene.items if not isinstance(item, Box)]
        for index, item in enumerate(solid):
            for other in solid[index + 1 :]:
                within = (
                    isinstance(item, Ring)
                    and isinstance(other, Text | Symbol)
                    and inside(other.rect, item.rect.inset(item.width_px))
                )
                assert within or not item.rect.overlaps(other.rect), (name, item, other)


def test_no_word_is_cut_and_what_is_read_from_afar_keeps_its_size(shown):
    for name, scene in shown[1].items():
        for item in (item for item in scene.items if isinstance(item, Text)):
            size_px, lines = fit_item(item, measure)
            assert " ".join(lines) == " ".join(item.text.split()), (name, item)
            if item.role in FAR:
                assert size_px >= shown[0].size_px(READ), (name, item.text)


def test_letters_span_ten_minutes_of_arc_from_where_they_are_read(shown):
    sheet, all_scenes = shown
    mm_per_px = 7 * 25.4 / (sheet.width_px**2 + sheet.height_px**2) ** 0.5
    sized = {item.role: item.size_px for scene in all_scenes.values() for item in scene.items if isinstance(item, Text)}
    odd_shape = 1 / sheet.px_per_mm > mm_per_px * 1.02
    for role in ROLES:
        arc_min = 3437.75 * sized[role] * CAPITAL_PER_SIZE * mm_per_px / (role.distance_m * 1e3)
        assert arc_min >= 10.0 or odd_shape, role


def test_every_patient_scene_has_its_key_word_and_a_large_symbol(shown):
    sheet, all_scenes = shown
    for name, scene in all_scenes.items():
        if name.startswith(("therapist", "help", "close", "pain")):
            continue
        assert any(isinstance(item, Text) and item.role in (HEADLINE, VERDICT_WORD) for item in scene.items), name
        assert any(isinstance(item, Symbol) and item.rect.height >= sheet.px(12) for item in scene.items), name


def test_buttons_are_as_large_as_a_finger(shown):
    sheet, all_scenes = shown
    for name, scene in all_scenes.items():
        for rect, event in scene.buttons:
            assert min(rect.width, rect.height) >= sheet.px(8.0), (name, event)


def test_every_sentence_of_every_exercise_fits_at_full_size(words):
    unsure = [(Verdict.UNSURE, reason, ()) for reason in Reason]
    unsure += [(Verdict.UNSURE, Reason.OUT_OF_FRAME, tuple(joints)) for joints in PARTS.values()]
    for size, exercise, state in product(SIZES[:4], words.catalogue, State):
        whys = unsure if exercise == "squat" else []  # their sentences name no exercise
        for verdict, reason, missing in [(verdict, Reason.NONE, ()) for verdict in Verdict] + whys:
            status = Status(
                state, 2, exercise, exercise, 0.9, verdict, reason, rounds=12, next=exercise, time_left_s=2.5, missing=missing
            )  # fmt: skip
            said = message(status, words.catalogue, words.coach, words.language)
            for item in scene_of(ScreenState(status=status, message=said), words, Sheet(*size)).items:
                if isinstance(item, Text) and item.role in FAR:
                    assert legible(item, Sheet(*size).size_px(READ)), (size, state, verdict, reason, item.text)


@pytest.mark.parametrize("size", [(1024, 600), (1024, 768), (1080, 1920)])
def test_every_cue_fits_at_full_size(words, size):
    sheet, watching = Sheet(*size), Status(State.WATCH, 2, "squat", rounds=12)
    for cue in fixed_texts(load_texts(words.language)):
        scene = scene_of(ScreenState(status=watching, cue=cue), words, sheet)
        (item,) = (item for item in scene.items if isinstance(item, Text) and item.text == cue)
        assert legible(item, sheet.size_px(READ)), cue


@pytest.mark.parametrize("size", SIZES)
def test_every_cue_on_a_path_fits_at_full_size_and_so_does_what_is_kept_of_it_with_the_grade(words, size):
    sheet, phrases = Sheet(*size), load_texts(words.language)
    work = SetStatus(goal=3, repetitions=1, score=64.0)
    drawing = Status(State.WATCH, 2, "draw_circle_clockwise", kind="trajectory", drawing=DRAWING, current_set=work)
    said = [text for text in fixed_texts(phrases) if text not in every_correction(phrases)]
    for key, cue in words.paths.items():
        name, _, direction = key.partition(".")
        missed = Fault(name, 1.0, direction=direction or "low")
        for state in (ScreenState(drawing, cue=cue), ScreenState(drawing, missed=missed)):
            found = [item for item in scene_of(state, words, sheet).items if isinstance(item, Text) and cue in item.text]
            assert len(found) == 1 and legible(found[0], sheet.size_px(READ)), (key, found)
    for cue in said:
        (item,) = (
            item for item in scene_of(ScreenState(drawing, cue=cue), words, sheet).items if getattr(item, "text", "") == cue
        )
        assert legible(item, sheet.size_px(READ)), cue


def test_labels_contrast_with_their_button_and_buttons_with_every_ground(english):
    """Shapes 3:1 by border or fill, texts 4.5:1, symbols 3:1: WCAG 2, over each state and each verdict's colour."""
    for state, verdict, guard, therapist_page in product(
        RUNNING, VERDICT_COLOURS, (Guard.ARMED, Guard.HELD), (None, TherapistPage(("squat",)))
    ):
        status = Status(state, 1, "squat", verdict=verdict)
        held = HoldReason.CONTROLLER_LOST if guard is Guard.HELD else HoldReason.NONE
        scene = scene_of(
            ScreenState(status=status, guard=guard, guard_reason=held, therapist_page=therapist_page), english, Sheet()
        )
        boxes = [item for item in scene.items if isinstance(item, Box)]
        for rect, event in scene.buttons:
            (button,) = (box for box in boxes if box.rect == rect)
            under = next((box.colour for box in boxes if box.rect != rect and inside(rect, box.rect)), scene.ground)
            assert max(contrast(button.border or button.colour, under), contrast(button.colour, under)) >= 3.0, event
            for item in (item for item in scene.items if inside(item.rect, rect)):
                if isinstance(item, Text):
                    assert item.ground in (button.colour, *(box.colour for box in boxes if inside(item.rect, box.rect)))
                    assert contrast(item.colour, item.ground) >= 4.5, (event, item)
                if isinstance(item, Symbol):
                    assert contrast(item.colour, button.colour) >= 3.0, (event, item)


def test_stop_is_told_from_every_ground_without_colours(english):
    for verdict, colour in VERDICT_COLOURS.items():
        scene = scene_of(ScreenState(status=Status(State.VERDICT, 1, "squat", verdict=verdict)), english, Sheet())
        place = scene.place_of(next(event for _, event in scene.buttons if event.action is Action.STOP))
        (box,) = (item for item in scene.items if isinstance(item, Box) and item.rect == place)
        assert contrast(box.border, colour) >= 3.0, verdict


def test_texts_contrast_with_the_ground_they_really_stand_on(any_screen):
    for name, state in samples(any_screen.words).items():
        any_screen.show(state)
        pixels = any_screen.pixels()
        for item in (item for item in any_screen.scene(state).items if isinstance(item, Text)):
            assert contrast(item.colour, item.ground) >= 4.5, (name, item)
            column = item.rect.centre[0] if item.role is COUNT else item.rect.right - 1  # its corners lie under the ring
            edge = pixels[item.rect.bottom - 1, column]
            assert tuple(edge) == item.ground or any_screen.scene(state).first, (name, item)  # there the focus reaches in


@pytest.mark.parametrize("size", SIZES)
def test_stop_keeps_its_place_and_back_takes_that_of_menu(english, size):
    """A double tap on Menu meets Back, and Stop never appears under a finger."""
    state = ScreenState(status=Status(State.WATCH, 1, "squat"))
    patient = places(scene_of(state, english, Sheet(*size)))
    therapist = places(scene_of(replace(state, therapist_page=TherapistPage(("squat",))), english, Sheet(*size)))
    assert (patient[Action.STOP], patient[Action.PAUSE]) == (therapist[Action.STOP], therapist[Action.PAUSE])
    assert patient[Action.THERAPIST] == therapist[Action.BACK]


def test_pause_is_offered_while_going_on_and_resume_while_paused(english):
    def offered(state: State) -> set[Action]:
        return set(places(scene_of(ScreenState(status=Status(state, 1, "squat")), english, Sheet())))

    for state in (State.SHOW, State.READY, State.WATCH, State.VERDICT):
        assert {Action.PAUSE, Action.STOP} <= offered(state)
    assert Action.RESUME in offered(State.PAUSED)
    assert Action.PAUSE not in offered(State.PAUSED)
    assert Action.STOP not in offered(State.STOPPED)
