"""Changes to joints and images to which a model should be invariant."""
