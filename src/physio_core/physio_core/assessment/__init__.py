"""How well a movement is done: its repetitions, what each measures, what was not as it should be, and the score."""
