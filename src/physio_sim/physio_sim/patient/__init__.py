"""The simulated patient: what is done, in which way, and the body that does it."""
