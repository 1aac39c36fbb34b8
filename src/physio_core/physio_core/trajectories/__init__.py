"""Paths of one hand through space: the twenty types that are trained, how well one was drawn, and which comes next."""
