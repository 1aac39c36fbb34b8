#!/bin/bash
# Makes ROS 2 and the workspace visible, then runs the command under supervise.py, which ends nothing before it is at rest.
set -e
here="$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=/dev/null
. "$here/environment.sh"
exec python3 "$here/supervise.py" "$@"
