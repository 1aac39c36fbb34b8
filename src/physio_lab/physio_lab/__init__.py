"""The laboratory: what makes and measures models; no robot needs it."""
