"""The coach's voice: words rendered by a program of this machine, small sounds, one thing at a time."""
