"""Of two coaches in one place the later one yields, and says who was there first."""

from __future__ import annotations

import pytest

from physio_core.errors import ConfigError
from physio_core.session.rival import NOBODY, Identity, is_rival, this_process

FIRST, LATER, SAME_TIME = Identity(5, "ward7", 41), Identity(9, "ward7", 40), Identity(5, "ward7", 42)


def test_a_coach_knows_itself():
    own = this_process()
    assert not is_rival(own, own, "here")


@pytest.mark.parametrize("other", [LATER, SAME_TIME])
def test_of_two_exactly_the_later_yields(other):
    assert is_rival(FIRST, other, "here")
    with pytest.raises(ConfigError, match=r"process 41 on ward7.* in ROS domain 3"):
        is_rival(other, FIRST, "ROS domain 3")


def test_one_that_does_not_say_who_it_is_was_there_first():
    with pytest.raises(ConfigError, match="another coach"):
        is_rival(FIRST, NOBODY, "here")
