#!/bin/sh
# Starts Marina in the background, waits until it answers, and lists what it serves.
self=$(readlink -f "$0")
exec "${self%/*}/marina.sh" start "$@"
