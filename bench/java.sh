# Sets JAVA_HOME to the newest JDK, as bin/marina.sh does, unless it is set.
if [ -z "${JAVA_HOME:-}" ]; then
  newest=16
  for home_of_java in /usr/lib/jvm/*; do
    [ -x "$home_of_java/bin/javac" ] || continue
    version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$home_of_java/release" 2>/dev/null || true)
    if [ "${version:-0}" -gt "$newest" ]; then
      newest=$version
      JAVA_HOME=$home_of_java
    fi
  done
fi
if [ -z "${JAVA_HOME:-}" ]; then
  echo "bench: no JDK 17 or newer was found in /usr/lib/jvm; set JAVA_HOME" >&2
  exit 1
fi
export JAVA_HOME
