"""Trains any network of any task from a recipe: what is the same whatever is learnt. It knows no task; tasks stand above it."""
