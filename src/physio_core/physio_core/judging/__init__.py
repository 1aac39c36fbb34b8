"""How what is seen is judged: one judge for each kind of exercise, and which exercises can be judged at all."""
