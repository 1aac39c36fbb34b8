"""A simulated clinic: room, robot and patient, in MuJoCo and as a Gazebo world."""
