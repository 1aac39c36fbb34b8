"""Recognition of movements: makes the models that `action` runs, from synthetic and recorded motion."""
