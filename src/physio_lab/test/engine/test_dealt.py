"""Every row is dealt once in an epoch, and a batch is the same each time it is asked for."""

from __future__ import annotations

import numpy as np

from physio_lab.engine.dealt import in_order, shuffled


def test_an_epoch_deals_every_row_once_and_the_next_in_another_order():
    first, second = (np.concatenate([shuffled(10, 5, 3, 2 * epoch + at) for at in range(2)]) for epoch in range(2))
    assert sorted(first) == sorted(second) == list(range(10)) and first.tolist() != second.tolist()
    assert shuffled(10, 5, 3, 2).tolist() == second[:5].tolist()


def test_fewer_rows_than_a_batch_are_one_batch():
    assert sorted(shuffled(3, 8, 0, 5)) == [0, 1, 2]


def test_in_order_the_last_batch_has_what_is_left():
    assert [rows.tolist() for rows in in_order(5, 2)] == [[0, 1], [2, 3], [4]]
