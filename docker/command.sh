#!/bin/bash
# Linked as /usr/local/bin/ros2 and .../physio: `docker compose exec sim ros2 topic list` has no entry point before it.
name="$(basename "$0")"
# shellcheck source=/dev/null
. /environment.sh
program="$(type -ap "$name" | grep -vxF "/usr/local/bin/$name" | head -n 1)"
[ -n "$program" ] || { echo "$name: not installed in this image" >&2; exit 127; }
exec "$program" "$@"
