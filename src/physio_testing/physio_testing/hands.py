"""For tests: hands as an estimator would give them."""

from physio_tools.screen.sample_hand import hand_at, posed

__all__ = ["hand_at", "posed"]
