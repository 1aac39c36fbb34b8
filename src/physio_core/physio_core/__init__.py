"""The Physio Coach without ROS: everything that thinks, in plain Python, testable in seconds."""
