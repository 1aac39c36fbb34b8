"""Measures how well exercises are recognised: on clips, on skeleton files, over rates and confidences."""
