"""Tuning that is measured on other sources, and clips judged again by other settings without running the network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from physio_core.action.model import load_model
from physio_core.action.recogniser import RecogniserConfig
from physio_core.errors import InputError
from physio_core.types import Abstain
from physio_lab.datasets.sequence import SkeletonSequence
from physio_lab.evaluation import source_wise as module
from physio_lab.evaluation.evaluate import Case, Outcome, Setup, judge
from physio_lab.evaluation.index import Clip
from physio_lab.evaluation.replay import recarded, replayed


def named(outcome: Outcome) -> list[tuple[str, Abstain]]:
    assert outcome.run
    return [(one.label, one.abstain) for one in outcome.run.predictions]


@pytest.mark.parametrize("config", [RecogniserConfig(), RecogniserConfig(name_above=0.95, keep_above=0.2)])
def test_a_clip_is_judged_again_as_if_it_had_been_run_so(squat: Case, config: RecogniserConfig) -> None:
    model = load_model()
    once = judge(squat, Setup(recogniser=RecogniserConfig(name_above=0.5, refuse=False)))
    again, run = replayed(once, Setup(recogniser=config), model), judge(squat, Setup(recogniser=config))
    assert named(again) == named(run) and again.summary == run.summary


def test_another_card_refuses_and_cools(squat: Case) -> None:
    once, model = judge(squat, Setup()), load_model()
    refused = replayed(once, Setup(), recarded(model, 1.0, 1e6))
    assert {abstain for _, abstain in named(refused)} <= {Abstain.NOBODY, Abstain.TOO_FEW_FRAMES, Abstain.UNFAMILIAR}
    assert replayed(once, Setup(), recarded(model, 50.0, None)).named == "unknown"  # nothing is sure enough any more


def clips(film: Callable[..., SkeletonSequence], sources: str) -> list[Case]:
    found = []
    for number, source in enumerate(sources):
        name = ("squat", "jumping_jack", "elbow_flexion")[number % 3]
        clip = Clip(Path(f"{number}.mp4"), name if number % 3 < 2 else "unknown", "A", "", "", "", source)
        found.append(Case(clip, film(name, 3.0, 15.0)))
    return found


def test_each_source_is_measured_with_what_is_best_on_the_others(
    film: Callable[..., SkeletonSequence], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[set[str]] = []

    def worth(outcomes: list[Outcome], labels: object) -> float:
        seen.append({one.clip.source for one in outcomes})
        return 1.0 if len(seen) % 18 == 5 else 0.0  # the fifth pair of thresholds

    monkeypatch.setattr(module, "_worth", worth)
    found = module.source_wise(clips(film, "aabbcc"), Setup(), [], "source_repo")
    assert [(part["name_above"], part["keep_above"]) for part in found["chosen"]] == [(0.6, 0.4)] * 3
    assert [set(part["sources"]) for part in found["chosen"]] == [set("abc") - tuned_on for tuned_on in seen[::18]]
    assert found["sources"] == found["folds"] == 3 and found["n"] == 6 and found["by"] == "source_repo"
    assert found["accuracy"] == pytest.approx(1.0 - len(found["wrong"]) / 6)
    assert found["intervals"]["over"] == "source" and found["intervals"]["groups"] == 3


def test_clips_of_unknown_or_one_source_are_refused(squat: Case) -> None:
    with pytest.raises(InputError, match="1 of 1 clips have nothing in source_repo"):
        module.parts_of([squat], "source_repo")
    with pytest.raises(InputError, match="all clips are of one subject, p1"):
        module.parts_of([replace(squat, clip=replace(squat.clip, subject="p1"))], "subject")
