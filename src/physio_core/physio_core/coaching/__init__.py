"""What the coach says about how an exercise is done: which cue, when, in which words."""
