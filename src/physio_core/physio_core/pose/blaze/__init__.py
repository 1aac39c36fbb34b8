"""Bodies and hands by MediaPipe's own networks, without MediaPipe: here is what happens around the networks."""
