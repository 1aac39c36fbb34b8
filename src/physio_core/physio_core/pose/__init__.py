"""From an image to the skeleton of one person, always the same one."""
