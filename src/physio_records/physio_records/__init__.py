"""The record of sessions: what is written, where it is kept, and how it is told."""
