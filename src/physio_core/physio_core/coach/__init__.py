"""What to do now: which exercises exist, which one comes next, and what is said of the movement."""
