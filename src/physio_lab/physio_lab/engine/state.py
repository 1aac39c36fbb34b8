"""Takes weights from anybody's checkpoint, and says exactly what does not fit.

For files that come without a recipe, also those of a training library that puts its own prefix before each name. What
`physio train` wrote itself is read by :mod:`physio_lab.engine.checkpoint`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from physio_core.errors import ModelError

HEADS = ("head.",)
"""Where the layers stand that turn features into the answer."""
_NESTED = ("network", "state_dict", "model_state_dict", "model")
_PREFIXES = ("module.", "network.", "model.")
_SHOWN = 3


def read_state(path: str | Path) -> dict[str, Tensor]:
    """The weights in a checkpoint file, by name.

    Raises:
        ModelError: no such file, no checkpoint, cut short, or holding numbers that are not finite.
    """
    content = load(path)
    for key in _NESTED:
        if isinstance(content, dict) and isinstance(content.get(key), dict):
            content = content[key]
    weights = (
        {str(name): value for name, value in content.items() if isinstance(value, Tensor)} if isinstance(content, dict) else {}
    )
    if not weights:
        raise ModelError(f"{path} holds no weights; give the checkpoint.pt of a training run, or a state_dict")
    if name := not_finite(weights):
        raise ModelError(f"{path}: {name} holds numbers that are not finite: that run diverged; take an earlier checkpoint")
    return _without_prefix(weights)


def load(path: str | Path) -> Any:
    """What torch saved in a file, whatever it is.

    Raises:
        ModelError: no such file, not torch's, cut short or damaged.
    """
    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError:
        raise ModelError(f"no checkpoint at {path}") from None
    except Exception as error:  # which one depends on the byte that is damaged
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ModelError(
            f"{path} is no checkpoint of weights, or is truncated or damaged: {reason:.200}; "
            "restore it, or delete it to start again"
        ) from error


def not_finite(weights: Mapping[str, Tensor]) -> str:
    """Name of the first weights that hold a number that is not finite; empty: none does."""
    return next((name for name, weight in weights.items() if not torch.isfinite(weight).all()), "")


def check_finite(weights: Mapping[str, Tensor]) -> None:
    """Refuse weights that nobody may use.

    Raises:
        ModelError: a number of them is not finite; it names whose.
    """
    if name := not_finite(weights):
        raise ModelError(f"{name} is not finite; the training diverged: give it a lower learning rate")


def load_state(
    network: nn.Module, weights: Mapping[str, Tensor], source: str | Path, transfer: bool = False, heads: tuple[str, ...] = HEADS,
    settings: str = "size and inputs",
) -> tuple[str, ...]:  # fmt: skip
    """Give weights to a network.

    Args:
        network: any.
        weights: by the network's own names, from :func:`read_state`.
        source: what messages call the checkpoint.
        transfer: keep the network's own head, for other classes.
        heads: how the names of the head begin.
        settings: what must be as it was when the checkpoint was trained, in words.

    Returns:
        Names of the network's weights that were left as they are.

    Raises:
        ModelError: a weight is missing, not known, or has another shape; the network is not changed then.
    """
    given = {name: weight for name, weight in weights.items() if not (transfer and name.startswith(heads))}
    own = network.state_dict()
    # Batches are counted since torch 0.4.1, and only matter to a batch norm without momentum.
    left = [
        name
        for name in own
        if name not in given and (name.endswith("num_batches_tracked") or (transfer and name.startswith(heads)))
    ]
    _check(own, given, left, source, heads, settings)
    network.load_state_dict({**own, **given})
    return tuple(left)


def _check(
    own: Mapping[str, Tensor], given: Mapping[str, Tensor], left: Iterable[str], source: str | Path, heads: tuple[str, ...],
    settings: str,
) -> None:  # fmt: skip
    missing = sorted(set(own) - set(given) - set(left))
    unknown = sorted(set(given) - set(own))
    shapes = {name: (tuple(given[name].shape), tuple(own[name].shape)) for name in own if name in given}
    wrong = [name for name, (theirs, ours) in shapes.items() if theirs != ours]
    if not (missing or unknown or wrong):
        return
    if all(name.startswith(heads) for name in (*missing, *unknown, *wrong)):
        classes = [[len(w) for name, w in table.items() if name.startswith(heads)][-1] for table in (given, own)] if wrong else []
        said = f"knows {classes[0]} classes, this network {classes[1]}" if classes else "has another head than this network"
        raise ModelError(f"{source} {said}; load it with transfer, which keeps all but the head")
    reasons = []
    if wrong:
        reasons.append("other shapes: " + _some(f"{name} is {shapes[name][0]}, here {shapes[name][1]}" for name in wrong))
    if missing:
        reasons.append("missing: " + _some(missing))
    if unknown:
        reasons.append("not known here: " + _some(unknown))
    raise ModelError(
        f"{source} does not fit this network ({'; '.join(reasons)}); "
        f"give the network the {settings} that the checkpoint was trained with"
    )


def _some(names: Iterable[str]) -> str:
    every = list(names)
    more = len(every) - _SHOWN
    return ", ".join(every[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _without_prefix(weights: dict[str, Any]) -> dict[str, Any]:
    for prefix in _PREFIXES:
        if all(name.startswith(prefix) for name in weights):
            weights = {name.removeprefix(prefix): weight for name, weight in weights.items()}
    return weights
