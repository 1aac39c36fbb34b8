"""Motion that nobody did: movements that are none of the exercises, and people rendered doing them."""
