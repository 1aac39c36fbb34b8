"""Spreads clips over processes; one that kills its process is tried once more, alone, and then costs itself only."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import TypeVar

from physio_lab.datasets.parallel import Lost, in_processes

Item = TypeVar("Item")
Result = TypeVar("Result")


def spread(
    call: Callable[[Item], Result], items: Sequence[Item], workers: int = 1, tell: Callable[[], None] | None = None
) -> list[Result | Lost]:
    """Results in the order of the items; what ``call`` raises is raised here.

    Args:
        call: importable.
        items: what to call it with.
        workers: processes; 1: this one.
        tell: called after each item.
    """
    done: dict[int, Result | Lost] = {}

    def keep(index: int, result: Result | Lost) -> None:
        if tell and index not in done:
            tell()
        done[index] = result

    if workers == 1:
        for index, item in enumerate(items):
            keep(index, call(item))
        return list(done.values())
    todo = list(range(len(items)))
    for team in (workers, 1):  # the second time alone: what a process dies of is often the memory that the others take
        for place, result in in_processes(functools.partial(_attempt, call), [items[index] for index in todo], team):
            if isinstance(result, Exception):
                raise result
            keep(todo[place], result)
        todo = [index for index in todo if isinstance(done[index], Lost)]
    return [done[index] for index in range(len(items))]


def _attempt(call: Callable[[Item], Result], item: Item) -> Result | Exception:
    try:
        return call(item)
    except MemoryError:
        raise  # ends the process, and the item is tried again
    except Exception as error:
        return error
