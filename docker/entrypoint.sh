#!/bin/bash
# Makes ROS 2 and the workspace visible, then becomes the command.
set -e
# shellcheck source=/dev/null
. "/opt/ros/$ROS_DISTRO/setup.bash"
if [ -f /ws/install/setup.bash ]; then
  # shellcheck source=/dev/null
  . /ws/install/setup.bash
fi
exec "$@"
