"""The exercise and the figure of a movement that a model is taught."""
