"""Where images come from, and everything that needs OpenCV."""
