"""Estimators of hands that teach themselves from unlabelled videos, and how far that can be trusted."""
