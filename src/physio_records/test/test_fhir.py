"""The FHIR bundle: fhir.resources takes it, LOINC's codes are where they belong, nobody is named."""

from __future__ import annotations

import json

import pytest

pytest.importorskip("fhir.resources", reason="fhir.resources comes with the laboratory")
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.observation import Observation

from physio_core import cli
from physio_core.assessment.repetition import AngleRange, Outcome, Repetition
from physio_core.types import Side
from physio_records import entries as e
from physio_records.exports.fhir import LOINC, OWN, observations, write_fhir
from physio_records.store.history import read_sessions


def codes(observation: dict) -> tuple[str, str]:
    (coding,) = observation["code"]["coding"]
    return coding["system"], coding["code"]


def test_the_bundle_is_valid_and_references_hold(store, tmp_path):
    count = write_fhir(tmp_path / "out.json", read_sessions(store, patient="p01"))
    content = json.loads((tmp_path / "out.json").read_text())
    Bundle.model_validate(content)
    urls = [entry["fullUrl"] for entry in content["entry"]]
    assert len(set(urls)) == len(urls) == count + 1
    subjects = {entry["resource"]["subject"]["reference"] for entry in content["entry"][1:]}
    assert subjects == {urls[0]}
    assert content["entry"][0]["resource"]["identifier"] == [{"system": "urn:physio-coach:patient", "value": "p01"}]
    assert "name" not in content["entry"][0]["resource"]


def test_a_second_export_gives_the_same_ids(store):
    (session, *_) = read_sessions(store, patient="p01")
    assert list(observations(session)) == list(observations(session))
    ids = [one["id"] for one in observations(session)]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(
    ("angle", "side", "code"),
    [
        ("knee_flexion", Side.LEFT, (LOINC, "41343-5")),
        ("knee_flexion", Side.RIGHT, (LOINC, "41347-6")),
        ("knee_flexion", Side.NONE, (OWN, "knee_flexion-active-range-of-motion")),
        ("shoulder_abduction", Side.LEFT, (LOINC, "41299-9")),
        ("shoulder_abduction", Side.RIGHT, (LOINC, "41381-5")),
        ("shoulder_flexion", Side.RIGHT, (LOINC, "41389-8")),
        ("trunk_lean", Side.NONE, (OWN, "trunk_lean-active-range-of-motion")),
    ],
)
def test_a_range_has_loincs_code_where_there_is_one(store, angle, side, code):
    done = [
        Repetition(n, Outcome.COMPLETE, side, 0.0, 1.0, 2.0, ranges=(AngleRange(angle, side, 2.0, 90.0 + n),)) for n in (1, 2, 3)
    ]
    store.write([e.SessionBegun("s1", "p01"), e.SetBegun("s1", 1, 1, "squat", side)])
    store.write([e.RepetitionDone("s1", 1 + n, 1, n, one) for n, one in enumerate(done, 1)])
    (session,) = read_sessions(store, session="s1")
    _, found = observations(session)
    Observation.model_validate(found)
    assert codes(found) == code
    assert (found["valueQuantity"]["value"], found["valueQuantity"]["code"]) == (92.0, "deg")
    assert found["status"] == "preliminary"
    if side:
        assert side.value in found["bodySite"]["text"]


def test_pain_and_exercise_have_loincs_codes(store):
    (session, *_) = read_sessions(store, patient="p01")
    found = {codes(one) for one in observations(session)}
    assert {(LOINC, "73985-4"), (LOINC, "72514-3"), (LOINC, "82289-0")} <= found


def test_the_command_writes_it(store, tmp_path, monkeypatch):
    monkeypatch.setenv("PHYSIO_DATABASE", store.place)
    out = tmp_path / "out.json"
    assert cli.main(["records", "export", str(out), "--format", "fhir", "--of", "p01"]) == cli.DONE
    assert json.loads(out.read_text())["resourceType"] == "Bundle"
