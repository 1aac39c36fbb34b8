"""What is drawn: something in every state, another picture in each, the patient mirrored but never the words."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pygame
import pytest

from physio_core.screen.drawing import window
from physio_core.screen.drawing.letters import measure, text_surface
from physio_core.screen.drawing.window import Screen
from physio_core.screen.layout import READ, Action, DemoFigure, MirrorView, Rect, ScreenEvent, Text
from physio_core.screen.pages.patient import SYMBOLS
from physio_core.screen.skeleton import bones
from physio_core.screen.state import Guard, ScreenConfig, ScreenState, TherapistPage
from physio_core.screen.symbols import SYMBOLS as STROKES
from physio_core.session.status import State, Status
from physio_core.skeleton.layouts import OPENPOSE_18
from physio_core.types import HoldReason, Skeleton, Tracking
from physio_tools.screen.gallery import samples
from physio_tools.screen.rehearsal import sample_skeleton


def drawn(screen, state) -> np.ndarray:
    screen.show(state)
    return screen.pixels()


def part(pixels: np.ndarray, rect: Rect) -> np.ndarray:
    return pixels[rect.y : rect.y + rect.height, rect.x : rect.x + rect.width]


def item_of(screen, state, kind):
    return next(item for item in screen.scene(state).items if isinstance(item, kind))


PANEL = (0.0, 0.0, 400.0, 300.0)


@pytest.fixture
def watching(english) -> ScreenState:
    return samples(english)["watch_right"]


def test_every_state_is_drawn_and_differs_from_all_others(screen):
    pictures = {name: drawn(screen, state) for name, state in samples(screen.words).items()}
    for name, pixels in pictures.items():
        assert pixels.shape == (600, 1024, 3)
        assert len(np.unique(pixels.astype(int) @ (1, 256, 65536))) > 10, name
    for first, second in combinations(pictures, 2):
        assert (pictures[first] != pictures[second]).any(), (first, second)


def test_the_same_state_gives_the_same_picture(screen, watching):
    assert np.array_equal(drawn(screen, watching), drawn(screen, watching))


def test_the_picture_is_mirrored_and_the_text_is_not(screen, watching):
    image = np.zeros((480, 640, 3), np.uint8)
    image[:, :200] = (255, 0, 0)
    seen = replace(watching, image=image, skeleton=None, crop=None)
    pixels, rect = drawn(screen, seen), item_of(screen, seen, MirrorView).rect
    middle = rect.y + rect.height // 2
    assert pixels[middle, rect.right - 9] == pytest.approx((255, 0, 0), abs=4)
    assert pixels[middle, rect.x + 9] == pytest.approx((0, 0, 0), abs=4)
    plain = drawn(screen, watching)
    for text in (item for item in screen.scene(seen).items if isinstance(item, Text)):
        assert np.array_equal(part(pixels, text.rect), part(plain, text.rect))


def test_the_picture_fills_its_panel_to_the_corners(screen, watching):
    seen = replace(watching, image=np.full((480, 640, 3), (255, 0, 0), np.uint8), skeleton=None)
    panel = part(drawn(screen, seen), item_of(screen, seen, MirrorView).rect)
    red = (np.abs(panel.astype(int) - (255, 0, 0)) < 8).all(axis=2)
    assert red[20:-20].all()
    assert red[:, 20:-20].all()
    assert not red[0, 0]


def test_text_reads_from_left_to_right(screen, watching):
    title = next(item for item in screen.scene(watching).items if isinstance(item, Text) and item.text == "Squat")
    ink = (part(drawn(screen, watching), title.rect).sum(axis=2) < 200).any(axis=0)
    assert ink[: title.rect.width // 2].any()
    assert not ink[-title.rect.width // 3 :].any()


def test_letters_stand_where_their_shapes_want_them():
    """pygame.font would follow a faulty table of pairs: 'Squat' 7 % too wide, with gaps."""
    width_px = sum((0.667, 0.611, 0.611, 0.556, 0.333)) * 200  # the font's own advances per size
    assert measure("Squat", 200) == pytest.approx(width_px, abs=4)


def test_capitals_keep_their_dots():
    def rows(text: str) -> int:
        pixels = pygame.surfarray.pixels_alpha(text_surface(Text(Rect(0, 0, 400, 82), text, READ, 80, 20)))
        return int((pixels > 128).any(axis=0).sum())

    assert rows("Ü") >= rows("U") + 9


@pytest.mark.parametrize("size", [(800, 480), (1920, 1080), (1080, 1920)])
def test_pages_are_drawn_at_the_size_of_the_display(english, size):
    screen = Screen(ScreenConfig(), english, size)
    state = samples(english)["show"]
    pixels = drawn(screen, state)
    assert pixels.shape == (size[1], size[0], 3)
    title = next(item for item in screen.scene(state).items if isinstance(item, Text) and item.text == "Squat")
    letters = part(pixels, title.rect).astype(int).sum(axis=2)
    between = ((letters > 200) & (letters < 600)).sum() / (letters < 200).sum()
    assert between < 8.0 / screen.sheet.px_per_mm  # only edges are grey: nothing was scaled up


def test_the_demonstrator_turns_as_the_patient_does(screen, watching):
    pictures = [
        part(drawn(screen, replace(watching, turned=turned)), item_of(screen, watching, DemoFigure).rect) for turned in (0, 1)
    ]
    assert np.abs(pictures[0].astype(int) - pictures[1][:, ::-1]).mean() < 1.0
    assert np.abs(pictures[0].astype(int) - pictures[1]).mean() > 1.0


def test_the_skeleton_is_mirrored_like_the_picture():
    points = np.zeros((18, 3), np.float32)
    points[:, :2] = (0.1, 0.5)
    skeleton = Skeleton(0.0, Tracking.TRACKED, points=points, confidence=np.ones(18, np.float32))
    assert all(bone.a_px[0] == pytest.approx(90.0) for bone in bones(skeleton, (0, 0, 100, 100), 3.0))


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
    assert all(np.isfinite([*bone.a_px, *bone.b_px]).all() for bone in bones(skeleton, PANEL, 4.0))


def test_doubtful_joints_are_not_drawn():
    skeleton = sample_skeleton()
    skeleton.confidence[:] = 0.1
    assert bones(skeleton, PANEL, 4.0) == []


@pytest.mark.parametrize("face", [False, True])
def test_eyes_and_ears_that_jump_draw_no_spikes(face):
    skeleton, jumping = sample_skeleton(), sample_skeleton()
    jumping.points[[index for index, joint in enumerate(OPENPOSE_18.joints) if joint.endswith(("eye", "ear"))], :2] = 0.02
    assert bones(jumping, PANEL, 4.0, face) == bones(skeleton, PANEL, 4.0, face) != []


@pytest.mark.parametrize("status", [Tracking.NOBODY, Tracking.SOMEBODY_ELSE, Tracking.DETECTOR_FAILED])
def test_only_the_tracked_person_is_drawn(screen, watching, status):
    assert bones(Skeleton(0.0, status), PANEL, 4.0) == []
    empty = drawn(screen, replace(watching, skeleton=Skeleton(0.0, status)))
    assert np.array_equal(empty, drawn(screen, replace(watching, skeleton=None)))


def test_an_unknown_layout_or_too_few_points_draw_no_bone():
    some = np.full((3, 3), 0.5, np.float32)
    assert bones(Skeleton(0.0, Tracking.TRACKED, "no_such", some, np.ones(3, np.float32)), PANEL, 4.0) == []
    bones(Skeleton(0.0, Tracking.TRACKED, "openpose_18", some, np.ones(3, np.float32)), PANEL, 4.0)


@pytest.mark.parametrize("progress", [float("nan"), float("inf"), -3.0, 0.0, 0.001, 1.0, 7.0])
def test_any_progress_can_be_drawn(screen, watching, progress):
    drawn(screen, replace(watching, status=replace(watching.status, progress=progress)))


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("asked", ["", "no_such_exercise"])
def test_every_state_copes_with_an_exercise_that_no_file_describes(screen, state, asked):
    drawn(screen, ScreenState(status=Status(state, 1, asked), message="Hm.", guard=Guard.LOST))


def test_a_very_long_message_and_list_are_drawn_inside_their_places(screen, watching):
    drawn(screen, replace(watching, message="far too much to say " * 40))
    drawn(
        screen,
        replace(watching, therapist_page=TherapistPage(("squat",) * 60), guard=Guard.HELD, guard_reason=HoldReason.OVER_LIMIT),
    )


def test_every_symbol_that_a_scene_names_exists(screen):
    assert set(SYMBOLS.values()) <= set(STROKES)


def test_the_figure_moves(screen, watching):
    assert (drawn(screen, replace(watching, time_s=0.0)) != drawn(screen, replace(watching, time_s=1.0))).any()


def test_taps_keys_and_closing_become_events(screen, watching):
    state = replace(watching, therapist_page=TherapistPage(), time_s=0.0)
    screen.show(state)
    screen.events(0.0)
    place = screen.scene(state).place_of(ScreenEvent(Action.PICK, "lunge")).centre
    for kind in (pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP):
        pygame.event.post(pygame.event.Event(kind, button=1, pos=place))
    for kind in (pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP):
        pygame.event.post(pygame.event.Event(kind, button=1, pos=(1, 1)))
    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_ESCAPE))
    pygame.event.post(pygame.event.Event(pygame.QUIT))
    expected = [ScreenEvent(Action.PICK, "lunge"), ScreenEvent(Action.BACK), ScreenEvent(Action.CLOSE)]
    assert screen.events(9.0) == expected


def test_the_pointer_hides_from_a_finger_and_in_full_screen_where_no_mouse_moves(english):
    screen = Screen(ScreenConfig(fullscreen=True), english)

    def visible_after(at_s, *motions):
        for finger in motions:
            pygame.event.post(pygame.event.Event(pygame.MOUSEMOTION, pos=(9, 9), rel=(1, 1), buttons=(0, 0, 0), touch=finger))
        screen.events(at_s)
        return pygame.mouse.get_visible()

    assert not pygame.mouse.get_visible()
    assert visible_after(1.0, False) and visible_after(2.0)
    assert not visible_after(60.0)
    assert visible_after(61.0, False)
    assert not visible_after(62.0, True)
    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_F11))
    assert visible_after(63.0) and visible_after(600.0)


def test_a_key_fills_the_display_and_gives_the_window_back(screen, watching):
    for flag in (pygame.FULLSCREEN, pygame.RESIZABLE):
        pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_F11))
        screen.events(0.0)
        assert pygame.display.get_surface().get_flags() & flag
        screen.show(watching)


@pytest.mark.parametrize("display", [(800, 480), (1080, 1920), (2560, 1440)])
def test_full_screen_asks_for_the_display_itself_and_for_no_scaling(english, monkeypatch, display):
    """A window of another size would stay so where no window manager makes it fit."""
    asked = []
    set_mode = pygame.display.set_mode
    monkeypatch.setattr(window, "_display_px", lambda _otherwise: display)
    monkeypatch.setattr(pygame.display, "set_mode", lambda size, flags: asked.append((size, flags)) or set_mode(size))
    screen = Screen(ScreenConfig(fullscreen=True), english)
    assert asked == [(display, pygame.FULLSCREEN)]
    assert (screen.sheet.width_px, screen.sheet.height_px) == display


def test_a_window_larger_than_the_display_is_made_to_fit(english, monkeypatch):
    monkeypatch.setattr(window, "_display_px", lambda _otherwise: (800, 480))
    assert Screen(ScreenConfig(), english).pixels().shape == (480, 800, 3)


def test_a_resized_window_is_laid_out_again(screen, watching):
    screen.show(watching)
    pygame.display.set_mode((1600, 900), pygame.RESIZABLE)
    pygame.event.post(pygame.event.Event(pygame.VIDEORESIZE, size=(1600, 900), w=1600, h=900))
    screen.events(0.0)
    assert drawn(screen, watching).shape == (900, 1600, 3)


def test_the_chosen_button_has_a_mark(screen, watching):
    plain = drawn(screen, watching)
    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_TAB))
    screen.events(0.0)
    marked = drawn(screen, watching)
    changed = np.argwhere((plain != marked).any(axis=2))
    rect = screen.scene(watching).place_of(ScreenEvent(Action.PAIN))
    assert Rect(changed[:, 1].min(), changed[:, 0].min(), 1, 1).overlaps(rect.inset(-20))
    assert len(changed) > 500


def test_only_what_moves_is_drawn_again(screen, watching, monkeypatch):
    screen.show(watching)
    painted = []
    monkeypatch.setattr(window, "paint", lambda _surface, item: painted.append(type(item)))
    screen.show(replace(watching, time_s=watching.time_s + 0.5))
    assert set(painted) == {DemoFigure, MirrorView}


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


def test_verdicts_show_symbol_word_and_colour(screen):
    for name in ("verdict_right", "verdict_wrong", "verdict_unsure", "watch_right", "watch_wrong"):
        state = samples(screen.words)[name]
        items = screen.scene(state).items
        assert any(isinstance(item, Text) and item.text == screen.words.headline(state.status) for item in items), name
        assert any(getattr(item, "name", "") in ("check", "cross", "question") for item in items), name
