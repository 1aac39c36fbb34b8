"""Every error the coach raises on purpose, so that callers can tell bad input from a bug.

::

    PhysioError
    ├── ConfigError          a setting or request that cannot be used
    │   ├── UnknownExercise  an exercise that no file describes
    │   ├── OutputError      a file that cannot be written
    │   └── RunnerUnavailable  a library or an instruction set that this machine does not have
    ├── InputError           data that cannot be used: shape, NaN, empty
    │   ├── ImageError
    │   └── SkeletonError
    ├── SourceError          a camera, video or folder that gives no images
    ├── EstimatorError       the pose estimator failed; not the same as nobody being there
    ├── RunnerError          a network failed while it ran, or gave what is no number
    ├── SpeechError          a voice or a sound device that cannot be used
    ├── ModelError           a model file that is missing, truncated or made for something else
    └── LaunchError          a launch file or process that cannot be started

A message names the bad value, the valid choices and what to do.
"""

from __future__ import annotations

from collections.abc import Iterable


class PhysioError(Exception):
    """Root of the tree: anything the coach refuses on purpose."""


class ConfigError(PhysioError, ValueError):
    """A setting or a request that cannot be used."""


class UnknownExercise(ConfigError):  # noqa: N818 (named for what it is, not for being an error)
    """An exercise that no file in ``config/exercises`` describes."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        """Name the exercise that was asked for and those that exist."""
        super().__init__(f"unknown exercise {name!r}; known: {', '.join(sorted(known)) or 'none'}")


class OutputError(ConfigError):
    """A file or folder that cannot be written: a full disk, no permission, an ending that its format does not have."""


class RunnerUnavailable(ConfigError):  # noqa: N818 (named for what it is, not for being an error)
    """What was asked to run a network is not installed, or this machine cannot do it; says nothing about the model file."""


class InputError(PhysioError, ValueError):
    """Data that cannot be used: wrong shape, not finite, empty."""


class ImageError(InputError):
    """An image that cannot be used."""


class SkeletonError(InputError):
    """A skeleton that cannot be used."""


class SourceError(PhysioError):
    """A camera, video file or image folder that gives no images."""


class EstimatorError(PhysioError):
    """The pose estimator failed on an image; says nothing about who is in it."""


class RunnerError(PhysioError):
    """A network failed while it ran, or gave what is no number; the next input may be given as if nothing had happened."""


class SpeechError(PhysioError):
    """A program that speaks, or a sound device, that cannot be used."""


class ModelError(PhysioError):
    """A model file that is missing, truncated or made for something else."""


class LaunchError(PhysioError):
    """A launch file or process that cannot be started."""
