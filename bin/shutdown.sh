#!/bin/sh
# Drains and stops Marina. "shutdown.sh 20 -force" kills it after 20 seconds.
self=$(readlink -f "$0")
exec "${self%/*}/marina.sh" stop "$@"
