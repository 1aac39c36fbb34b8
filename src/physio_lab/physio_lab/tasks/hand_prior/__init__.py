"""How hands move, learnt from simulated people, so that what was hidden can be filled in afterwards."""
