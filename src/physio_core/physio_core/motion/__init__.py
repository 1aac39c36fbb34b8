"""The human body and every movement it makes, as joint angles over a phase; one source for screen, clinic and training."""
