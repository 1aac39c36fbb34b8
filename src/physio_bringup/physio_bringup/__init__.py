"""Starts the coach: launch files and settings, and a launcher for machines without ROS 2's own."""
