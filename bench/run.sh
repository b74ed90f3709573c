#!/bin/sh
# Measures Marina against other servers: bench/run.sh [options]; "bench/run.sh --help" lists them.
# Needs wrk, h2load (nghttp2-client) and nginx; haproxy and caddy join when they are installed, Tomcat from the registry or from the
# folder that TOMCAT names, Navigator when NAVIGATOR names its program.
set -eu
bench=$(cd "$(dirname "$0")" && pwd)
home=$(dirname "$bench")
tomcat=11.0.9
. "$bench/java.sh"
if [ ! -f "$home/lib/marina.jar" ]; then
  (cd "$home" && mvn -B -q package -DskipTests)
fi
mkdir -p "$bench/target/classes"
if [ -z "${TOMCAT:-}" ]; then
  TOMCAT=$bench/target/apache-tomcat-$tomcat
  if [ ! -x "$TOMCAT/bin/catalina.sh" ] && (cd "$home" && mvn -B -q -N dependency:copy \
    -Dartifact=org.apache.tomcat:tomcat:$tomcat:tar.gz -DoutputDirectory="$bench/target"); then
    tar -xzf "$bench/target/tomcat-$tomcat.tar.gz" -C "$bench/target"
  fi
  if [ -x "$TOMCAT/bin/catalina.sh" ]; then
    export TOMCAT
  else
    echo "bench: no Tomcat, because Maven did not get it; set TOMCAT to the folder of one" >&2
    unset TOMCAT
  fi
fi
"$JAVA_HOME/bin/javac" -nowarn -d "$bench/target/classes" "$bench"/src/bench/*.java
exec "$JAVA_HOME/bin/java" -Xmx256m -XX:+UseSerialGC -cp "$bench/target/classes" bench.Suite --home "$home" "$@"
