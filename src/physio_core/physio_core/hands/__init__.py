"""What a hand does: its landmarks in one frame for all hands, angles, positions (states), likeness to a teacher's, cycles."""
