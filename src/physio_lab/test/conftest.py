"""What tests of several rooms share."""

from physio_testing.full_disk import small_files

__all__ = ["small_files"]
