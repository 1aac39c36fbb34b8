"""The room, the robot and its camera, in MuJoCo."""
