"""The pose estimator of our own beside MediaPipe's: its files for other runners, how far it is from the yardstick, how fast."""
