"""What is drawn: something in every state, another picture in each, the patient mirrored but never the words."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pygame
import pytest

from physio_core.coach.session import State, Status
from physio_core.screen.draw import Screen
from physio_core.screen.gallery import main as draw_gallery
from physio_core.screen.gallery import sample_skeleton, samples
from physio_core.screen.layout import HEIGHT_PX, WIDTH_PX, Action, Rect, ScreenEvent, Text
from physio_core.screen.patient import PICTURE, SENTENCE, SYMBOLS, TITLE
from physio_core.screen.skeleton import bones, picture_rect
from physio_core.screen.state import Desk, Guard, ScreenConfig, ScreenState
from physio_core.screen.symbols import SYMBOLS as STROKES
from physio_core.types import Skeleton, Tracking


def drawn(screen, state) -> np.ndarray:
    screen.show(state)
    return screen.pixels()


def part(pixels: np.ndarray, rect: Rect) -> np.ndarray:
    return pixels[rect.y : rect.y + rect.height, rect.x : rect.x + rect.width]


@pytest.fixture
def watching(english) -> ScreenState:
    return samples(english)["watch_right"]


def test_every_state_is_drawn_and_differs_from_all_others(screen):
    pictures = {name: drawn(screen, state) for name, state in samples(screen.words).items()}
    for name, pixels in pictures.items():
        assert pixels.shape == (HEIGHT_PX, WIDTH_PX, 3)
        assert len(np.unique(pixels.reshape(-1, 3), axis=0)) > 10, name
    for one, other in combinations(pictures, 2):
        assert (pictures[one] != pictures[other]).any(), (one, other)


def test_the_same_state_gives_the_same_picture(screen, watching):
    assert np.array_equal(drawn(screen, watching), drawn(screen, watching))


def test_the_picture_is_mirrored_and_the_text_is_not(screen, watching):
    picture = np.zeros((480, 640, 3), np.uint8)
    picture[:, :100] = (255, 0, 0)
    pixels = drawn(screen, replace(watching, picture=picture, skeleton=None))
    shown = picture_rect(PICTURE, picture, None)
    middle = shown.y + shown.height // 2
    assert pixels[middle, shown.x + shown.width - 5] == pytest.approx((255, 0, 0), abs=4)
    assert pixels[middle, shown.x + 5] == pytest.approx((0, 0, 0), abs=4)
    plain = drawn(screen, watching)
    for rect in (TITLE, SENTENCE):
        assert np.array_equal(part(pixels, rect), part(plain, rect))


def test_text_reads_from_left_to_right(screen, watching):
    ink = (part(drawn(screen, watching), TITLE).sum(axis=2) < 200).any(axis=0)
    assert ink[:200].any()
    assert not ink[-200:].any()


def test_the_skeleton_is_mirrored_like_the_picture():
    points = np.zeros((18, 3), np.float32)
    points[:, :2] = (0.1, 0.5)
    skeleton = Skeleton(0.0, Tracking.TRACKED, points=points, confidence=np.ones(18, np.float32))
    assert all(bone.a_px[0] == pytest.approx(90.0) for bone in bones(skeleton, Rect(0, 0, 100, 100)))


@pytest.mark.parametrize("layout", ["openpose_18", "blazepose_33"])
@pytest.mark.parametrize("bad", [np.nan, np.inf, -1e12, 1e30])
def test_impossible_points_are_left_out(screen, watching, layout, bad):
    """The type refuses NaN; memory that is changed afterwards must not stop the session either."""
    count = 18 if layout == "openpose_18" else 33
    skeleton = Skeleton(
        0.0,
        Tracking.TRACKED,
        layout,
        np.full((count, 3), 0.5, np.float32),
        np.ones(count, np.float32),
        width_px=640,
        height_px=480,
    )
    skeleton.points[:5] = bad
    drawn(screen, replace(watching, skeleton=skeleton))
    assert all(np.isfinite([*bone.a_px, *bone.b_px]).all() for bone in bones(skeleton, PICTURE))


def test_doubtful_joints_are_not_drawn():
    skeleton = sample_skeleton()
    skeleton.confidence[:] = 0.1
    assert bones(skeleton, PICTURE) == []


@pytest.mark.parametrize("status", [Tracking.NOBODY, Tracking.SOMEBODY_ELSE, Tracking.DETECTOR_FAILED])
def test_only_the_tracked_person_is_drawn(screen, watching, status):
    assert bones(Skeleton(0.0, status), PICTURE) == []
    empty = drawn(screen, replace(watching, skeleton=Skeleton(0.0, status)))
    assert np.array_equal(empty, drawn(screen, replace(watching, skeleton=None)))


def test_an_unknown_layout_or_too_few_points_draw_no_bone():
    some = np.full((3, 3), 0.5, np.float32)
    assert bones(Skeleton(0.0, Tracking.TRACKED, "no_such", some, np.ones(3, np.float32)), PICTURE) == []
    bones(Skeleton(0.0, Tracking.TRACKED, "openpose_18", some, np.ones(3, np.float32)), PICTURE)


@pytest.mark.parametrize("progress", [float("nan"), float("inf"), -3.0, 0.0, 0.001, 1.0, 7.0])
def test_any_progress_can_be_drawn(screen, watching, progress):
    drawn(screen, replace(watching, status=replace(watching.status, progress=progress)))


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("asked", ["", "no_such_exercise"])
def test_every_state_copes_with_an_exercise_that_no_file_describes(screen, state, asked):
    drawn(screen, ScreenState(status=Status(state, 1, asked), message="Hm.", guard=Guard.LOST))


def test_a_very_long_message_and_list_are_drawn_inside_their_places(screen, watching):
    drawn(screen, replace(watching, message="far too much to say " * 40))
    drawn(screen, replace(watching, desk=Desk(("squat",) * 60), guard=Guard.HELD, guard_reason="because " * 60))


def test_every_symbol_that_a_scene_names_exists(screen):
    assert set(SYMBOLS.values()) <= set(STROKES)


def test_the_figure_moves(screen, watching):
    assert (drawn(screen, replace(watching, time_s=0.0)) != drawn(screen, replace(watching, time_s=1.0))).any()


def test_taps_keys_and_closing_become_events(screen, watching):
    screen.show(replace(watching, desk=Desk()))
    screen.events()
    rect, event = next(button for button in screen.scene(replace(watching, desk=Desk())).buttons if button[1].exercise == "squat")
    pygame.event.post(pygame.event.Event(pygame.MOUSEBUTTONDOWN, button=1, pos=rect.centre))
    pygame.event.post(pygame.event.Event(pygame.MOUSEBUTTONDOWN, button=1, pos=(1, 1)))
    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_ESCAPE))
    pygame.event.post(pygame.event.Event(pygame.QUIT))
    assert screen.events() == [event, ScreenEvent(Action.STOP), ScreenEvent(Action.CLOSE)]


def test_without_a_display_it_draws_in_memory(monkeypatch, english):
    for name in ("SDL_VIDEODRIVER", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    assert Screen(ScreenConfig(), english).headless


def test_a_display_that_does_not_answer_is_done_without(monkeypatch, english):
    pygame.display.quit()
    monkeypatch.delenv("SDL_VIDEODRIVER", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", ":97")
    assert Screen(ScreenConfig(), english).headless


def test_the_gallery_writes_a_picture_of_each_state(tmp_path, words):
    draw_gallery([str(tmp_path), "--language", words.language, "--only", "watch", "paused"])
    suffix = "" if words.language == "en" else f"_{words.language}"
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"screen_paused{suffix}.png", f"screen_watch{suffix}.png"]


def test_verdicts_show_symbol_word_and_colour(screen):
    for name in ("verdict_right", "verdict_wrong", "verdict_unsure", "watch_right", "watch_wrong"):
        state = samples(screen.words)[name]
        items = screen.scene(state).items
        assert any(isinstance(item, Text) and item.text == screen.words.key_word(state.status) for item in items), name
        assert any(getattr(item, "name", "") in ("check", "cross", "question") for item in items), name
