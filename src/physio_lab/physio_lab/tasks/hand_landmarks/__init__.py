"""Landmarks of a hand as a task of the engine: a student that starts from MediaPipe's network, and a ResNet-50."""
