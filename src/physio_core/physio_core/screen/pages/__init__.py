"""The pages that the screen shows: the patient's, the therapist's, and what lies over both."""

from __future__ import annotations

from physio_core.screen.layout import Scene, Sheet
from physio_core.screen.pages.overlays import close_scene, help_scene
from physio_core.screen.pages.patient import patient_scene
from physio_core.screen.pages.scale import pain_scene
from physio_core.screen.pages.therapist import therapist_scene
from physio_core.screen.state import Overlay, ScreenState
from physio_core.screen.wording import Words


def scene_of(state: ScreenState, words: Words, sheet: Sheet) -> Scene:
    """What is shown for one moment."""
    if state.overlay is Overlay.HELP:
        return help_scene(state, words, sheet)
    if state.overlay is Overlay.CLOSE:
        return close_scene(state, words, sheet)
    if state.overlay is Overlay.PAIN:
        return pain_scene(state, words, sheet)
    return therapist_scene(state, words, sheet) if state.therapist_page else patient_scene(state, words, sheet)
