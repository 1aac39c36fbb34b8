# shellcheck shell=bash
# Makes ROS 2 and the workspace visible; sourced by the entry point, by interactive shells and by the commands `ros2` and `physio`.
for setup in "/opt/ros/${ROS_DISTRO:-jazzy}/setup.bash" /ws/install/setup.bash; do
  # shellcheck source=/dev/null
  if [ -f "$setup" ]; then . "$setup"; fi
done
unset setup
