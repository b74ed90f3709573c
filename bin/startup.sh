#!/bin/sh
# Starts Marina in the background, waits until it answers, and lists what it serves.
exec "$(dirname "$(readlink -f "$0")")/marina.sh" start "$@"
