"""Changes to joints and pictures that a model should not mind."""
