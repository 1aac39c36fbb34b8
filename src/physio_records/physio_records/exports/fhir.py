"""The record as a FHIR R4B bundle of observations, for a clinic's other systems; the door to fhir.resources, which checks it.

Codes are LOINC's where it has one for the very thing (looked up in 2026), else this project's own, `urn:physio-coach:measure`.
Patients are codes. Ids are made from what they stand for, so that a second export names the same observation alike.
"""

from __future__ import annotations

import math
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from physio_core.assessment.repetition import Outcome
from physio_core.errors import ConfigError
from physio_core.files import write_text
from physio_core.types import Side
from physio_records.entries import RatingKind
from physio_records.store.history import ExerciseSet, SessionRecord

try:
    from fhir.resources.R4B.bundle import Bundle
except ModuleNotFoundError:  # a robot has none
    Bundle = None

LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
OWN = "urn:physio-coach:measure"
EXERCISES = "urn:physio-coach:exercise"
PATIENTS = "urn:physio-coach:patient"
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
EXERCISE_ACTIVITY, EXERCISE_DURATION = "73985-4", "55411-3"
RATINGS = {RatingKind.PAIN: "72514-3", RatingKind.EFFORT: "82289-0"}
"""Pain severity, 0-10 verbal numeric rating; rating of perceived exertion."""
RANGES = {
    ("knee_flexion", Side.LEFT): "41343-5",
    ("knee_flexion", Side.RIGHT): "41347-6",
    ("shoulder_flexion", Side.NONE): "41389-8",
    ("shoulder_abduction", Side.LEFT): "41299-9",
    ("shoulder_abduction", Side.NONE): "41381-5",
}
"""Active range of motion, by angle and side; without a side: of either, which `bodySite` names."""
_NAMESPACE = uuid.UUID("5f0c1d9e-6f0a-4f5b-9a53-0d2f4c1a7e11")


def need_fhir() -> None:
    """See that there can be a bundle, before the work.

    Raises:
        ConfigError: fhir.resources is not installed.
    """
    if Bundle is None:
        raise ConfigError("FHIR needs fhir.resources, which comes with the laboratory: scripts/setup; or export JSON")


def write_fhir(path: Path, sessions: Sequence[SessionRecord]) -> int:
    """Write the bundle; gives how many observations it has.

    Raises:
        ConfigError: fhir.resources is not installed.
        OutputError: the file cannot be written.
    """
    need_fhir()
    patients = dict.fromkeys(session.patient for session in sessions)
    entries = [_entry(_patient(patient)) for patient in patients]
    entries += [_entry(one) for session in sessions for one in observations(session)]
    bundle = Bundle(type="collection", entry=entries)
    write_text(path, bundle.model_dump_json(indent=1) + "\n")
    return len(entries) - len(patients)


def observations(session: SessionRecord) -> Iterator[dict[str, Any]]:
    """Observations of a session, as FHIR has them in JSON."""
    for made in session.sets:
        yield _exercise(session, made)
        yield from _ranges(session, made)
    for number, rating in enumerate(session.ratings):
        value = {"value": rating.value, "unit": "{score}", "system": UCUM, "code": "{score}"}
        code = _code(LOINC, RATINGS[rating.kind], f"{rating.kind.value}, 0 to 10")
        extra = {"valueQuantity": value} | _site(rating.joint, rating.side)
        yield _observation(session, ("rating", number), session.begun_at.isoformat(), code, "survey", extra)


def _exercise(session: SessionRecord, made: ExerciseSet) -> dict[str, Any]:
    counts = {
        "repetitions-complete": len(made.complete),
        "repetitions-partial": sum(one.repetition.outcome is Outcome.PARTIAL for one in made.done),
        "repetitions-planned": made.planned_repetitions or None,
    }
    parts = [_part(_code(OWN, name), value, "1") for name, value in counts.items() if value is not None]
    if math.isfinite(made.score):
        parts.append(_part(_code(OWN, "score"), round(made.score, 1), "{score}"))
    if made.seconds > 0.0:
        parts.append(_part(_code(LOINC, EXERCISE_DURATION, "exercise duration"), round(made.seconds, 1), "s"))
    name = {"valueCodeableConcept": _code(EXERCISES, made.exercise), "component": parts} | _site("", made.side)
    code = _code(LOINC, EXERCISE_ACTIVITY, "exercise")
    return _observation(session, ("set", made.number), made.begun_at.isoformat(), code, "activity", name)


def _ranges(session: SessionRecord, made: ExerciseSet) -> Iterator[dict[str, Any]]:
    """The greatest angle of each joint, as a goniometer is read at the end of the movement: the middle one of the repetitions."""
    measured = [one for done in made.done if done.repetition.outcome is Outcome.COMPLETE for one in done.repetition.ranges]
    for angle, side in dict.fromkeys((one.angle, one.side) for one in measured):
        found = [(one.low_deg, one.high_deg) for one in measured if (one.angle, one.side) == (angle, side)]
        found = [(low, high) for low, high in found if math.isfinite(low) and math.isfinite(high)]
        if not found:
            continue
        own = (angle, side) if (angle, side) in RANGES else (angle, Side.NONE)
        text = " ".join(filter(None, (angle.replace("_", " "), side.value, "active range of motion")))
        code = _code(LOINC, RANGES[own], text) if own in RANGES else _code(OWN, f"{angle}-active-range-of-motion", text)
        least = _part(_code(OWN, "least-angle"), round(median(low for low, _ in found), 1), "deg")
        extra = {"valueQuantity": _quantity(round(median(high for _, high in found), 1), "deg"), "component": [least]}
        key = ("range", made.number, angle, side.value)
        yield _observation(session, key, made.begun_at.isoformat(), code, "exam", extra | _site(angle.split("_")[0], side))


def _observation(
    session: SessionRecord, key: tuple[object, ...], at: str, code: dict[str, Any], category: str, extra: dict[str, Any]
) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "id": _id(session.session, *key),
        "status": "final" if session.ended_at else "preliminary",
        "category": [_code(CATEGORY, category)],
        "code": code,
        "subject": {"reference": f"urn:uuid:{_id('patient', session.patient)}"},
        "effectiveDateTime": at,
        "device": {"display": f"Physio Coach {session.software}, model {session.model}".strip()},
        **extra,
    }


def _patient(code: str) -> dict[str, Any]:
    return {"resourceType": "Patient", "id": _id("patient", code), "identifier": [{"system": PATIENTS, "value": code}]}


def _entry(resource: dict[str, Any]) -> dict[str, Any]:
    return {"fullUrl": f"urn:uuid:{resource['id']}", "resource": resource}


def _part(code: dict[str, Any], value: float, unit: str) -> dict[str, Any]:
    return {"code": code, "valueQuantity": _quantity(value, unit)}


def _quantity(value: float, unit: str) -> dict[str, Any]:
    return {"value": value, "unit": unit, "system": UCUM, "code": unit}


def _code(system: str, code: str, text: str = "") -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code}], "text": text or code.replace("-", " ").replace("_", " ")}


def _site(joint: str, side: Side) -> dict[str, Any]:
    text = " ".join(filter(None, (side.value, joint)))
    return {"bodySite": {"text": text}} if text else {}


def _id(*parts: object) -> str:
    return str(uuid.uuid5(_NAMESPACE, "/".join(map(str, parts))))
