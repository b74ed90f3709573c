#!/bin/sh
# Measures Marina against other servers: bench/run.sh [options]; "bench/run.sh --help" lists them.
# Needs wrk, h2load (nghttp2-client) and nginx; haproxy and caddy join when they are installed, Tomcat when Maven has it or
# TOMCAT names its folder, Navigator when NAVIGATOR names its program.
set -eu
bench=$(cd "$(dirname "$0")" && pwd)
home=$(dirname "$bench")
. "$bench/java.sh"
if [ ! -f "$home/lib/marina.jar" ]; then
  (cd "$home" && mvn -B -q package -DskipTests)
fi
mkdir -p "$bench/target/classes"
"$JAVA_HOME/bin/javac" -nowarn -d "$bench/target/classes" "$bench"/src/bench/*.java
exec "$JAVA_HOME/bin/java" -Xmx256m -XX:+UseSerialGC -cp "$bench/target/classes" bench.Suite --home "$home" "$@"
