"""Skeleton sequences on disk: formats of the field, public sets, and the builder that makes them from videos."""
