#!/bin/sh
# Drains and stops Marina. "shutdown.sh 20 -force" kills it after 20 seconds.
exec "$(dirname "$(readlink -f "$0")")/marina.sh" stop "$@"
