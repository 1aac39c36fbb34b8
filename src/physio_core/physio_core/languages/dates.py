"""Dates as people of each language write them."""

from __future__ import annotations

from datetime import date

from babel.core import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton

DAY = "MMMd"
_CLEAR = {"en": "en_GB"}
"""Where a language alone would mean an order of day and month that others read the other way round."""


def date_text(day: date, language: str, form: str = "medium") -> str:
    """A day, e.g. ``10 Mar 2026``; as ISO 8601 has it where nobody knows how the language writes it.

    Args:
        day: in the zone of whoever reads it.
        language: its code.
        form: ``medium``, ``long``, or :data:`DAY` for day and month alone.
    """
    try:
        locale = Locale.parse(_CLEAR.get(language, language))
    except (ValueError, UnknownLocaleError):
        return day.isoformat()
    return format_skeleton(DAY, day, locale=locale) if form == DAY else format_date(day, form, locale)
