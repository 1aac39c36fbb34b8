"""Skeletons as data: joint layouts, smoothing, normalising, resampling."""
