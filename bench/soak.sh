#!/bin/sh
# Mixed load for some minutes, and whether Marina holds as much at the end as in the middle: bench/soak.sh [minutes] [file]
# Default: 30 minutes, bench/results/soak-DATE.md. Ends with 1 when something grows or a request has failed.
set -eu
bench=$(cd "$(dirname "$0")" && pwd)
home=$(dirname "$bench")
. "$bench/java.sh"
if [ ! -f "$home/lib/marina.jar" ]; then
  (cd "$home" && mvn -B -q package -DskipTests)
fi
mkdir -p "$bench/target/classes"
"$JAVA_HOME/bin/javac" -nowarn -d "$bench/target/classes" "$bench"/src/bench/*.java
exec "$JAVA_HOME/bin/java" -Xmx256m -XX:+UseSerialGC -cp "$bench/target/classes" bench.Soak "$home" "${1:-30}" ${2:+"$2"}
