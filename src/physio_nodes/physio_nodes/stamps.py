"""Stamps of messages in seconds and back."""

from __future__ import annotations

import math

from builtin_interfaces.msg import Time


def to_seconds(stamp: Time) -> float:
    """A stamp in seconds."""
    return float(stamp.sec + stamp.nanosec * 1e-9)


def to_stamp(seconds: float) -> Time:
    """Seconds as a stamp, to the nearest nanosecond that a double can hold; not known (NaN) is zero."""
    if math.isnan(seconds):
        return Time()
    whole = int(seconds // 1)
    return Time(sec=whole, nanosec=min(int((seconds - whole) * 1e9), 999_999_999))
