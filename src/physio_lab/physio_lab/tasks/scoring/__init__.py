"""Recurrent networks that score a try of a hand item, 0 to 2, trained on simulated patients."""
