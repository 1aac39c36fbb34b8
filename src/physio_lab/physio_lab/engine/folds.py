"""Cross-validation by person: every part of the people is tested on once, by a network that never saw them."""

from __future__ import annotations

from dataclasses import replace

from physio_core.errors import ConfigError
from physio_lab.engine.config import FoldConfig, R


def folded(recipe: R, count: int) -> list[R]:
    """The same recipe once for each part that is tested on.

    Raises:
        ConfigError: fewer than two parts, or a recipe that is a part already.
    """
    if count < 2 or recipe.fold.count:
        raise ConfigError(f"--folds {count}: give 2 or more, of a recipe without a section fold")
    return [
        replace(
            recipe, name=f"{recipe.name}_fold_{index}", description=f"part {index + 1} of {count}", fold=FoldConfig(count, index)
        )
        for index in range(count)
    ]
