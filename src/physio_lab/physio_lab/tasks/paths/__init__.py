"""Paths of the hand: which type one is, and which comes next. Learnt from recordings and from simulated patients."""
