#!/bin/sh
# Starts, stops and watches Marina: finds the JVM and hands over to it. "marina.sh help" lists the verbs.
#
#   MARINA_HOME  installation: bin, lib                           default: the folder above this script
#   MARINA_BASE  instance: conf, webapps, data, logs, run         default: MARINA_HOME
#   MARINA_OPTS  JVM options for the server only                  JAVA_OPTS: for every command
#   MARINA_PROFILE  options for the JVM: server, small (for 512 MB and less), none   default: by the memory there is
#   MARINA_ARCHIVE  off: no archive of classes, which makes starts faster            default: on
#   MARINA_PID   pid file                                         default: $MARINA_BASE/run/marina.pid
#   JAVA_HOME    the JDK or JRE to use                            default: the newest one found, 17 or later
# Set them in bin/setenv.sh of MARINA_BASE or MARINA_HOME rather than here.

script=$0
while [ -h "$script" ]; do
  link=$(readlink "$script")
  case $link in
    /*) script=$link ;;
    *) script=$(dirname "$script")/$link ;;
  esac
done
case $script in
  */*) ;;
  *) script=./$script ;;
esac
MARINA_HOME=${MARINA_HOME:-$(cd "${script%/*}/.." && pwd)}
MARINA_BASE=${MARINA_BASE:-$MARINA_HOME}
if ! base=$(cd "$MARINA_BASE" 2>/dev/null && pwd); then
  echo "marina: the folder $MARINA_BASE (MARINA_BASE) does not exist; make it or name another one" >&2
  exit 1
fi
MARINA_BASE=$base
if [ -r "$MARINA_BASE/bin/setenv.sh" ]; then
  . "$MARINA_BASE/bin/setenv.sh"
elif [ -r "$MARINA_HOME/bin/setenv.sh" ]; then
  . "$MARINA_HOME/bin/setenv.sh"
fi
export MARINA_HOME MARINA_BASE
[ -z "${MARINA_PID:-}" ] || export MARINA_PID
umask "${UMASK:-0027}"

# Below, what a start needs is read by the shell itself: each other program takes milliseconds.

inspect() { # sets feature, the version of a Java home, 0 when it has no java; and variant, the kind of its JVM
  feature=0
  variant=
  [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 0
  while read -r line || [ -n "$line" ]; do
    case $line in
      JAVA_VERSION=\"[0-9]*)
        feature=${line#*\"}
        feature=${feature%%[!0-9]*}
        ;;
      JVM_VARIANT=*) variant=${line#*=} ;;
    esac
  done <"$1/release"
}

find_java() {
  DETACH=
  if [ -n "${JAVA_HOME:-}" ]; then
    java=$JAVA_HOME/bin/java
    if [ ! -x "$java" ]; then
      echo "marina: JAVA_HOME is $JAVA_HOME, and there is no bin/java in it" >&2
      exit 1
    fi
    inspect "$JAVA_HOME"
    if [ "$feature" -gt 0 ] && [ "$feature" -lt 17 ]; then
      echo "marina: JAVA_HOME is a Java $feature; Marina needs 17 or newer" >&2
      exit 1
    fi
    return
  fi
  newest=16
  java=
  for home in /usr/lib/jvm/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    inspect "$home"
    if [ "$feature" -gt "$newest" ]; then
      newest=$feature
      java=$home/bin/java
    fi
  done
  if [ -z "$java" ]; then
    java=$(command -v java || true)
    [ -z "$java" ] || home=$(readlink -f "$java")
  else
    home=${java%/bin/java}
  fi
  inspect "${home%/bin/java}"
}

build() { # only what a fresh checkout lacks
  [ ! -f "$MARINA_HOME/lib/marina.jar" ] && [ -f "$MARINA_HOME/pom.xml" ] || return 0
  echo "Building Marina (once; this takes a minute or two) ..."
  log=$MARINA_HOME/target/build.log
  if ! (mkdir -p "$MARINA_HOME/target" && cd "$MARINA_HOME" && mvn -B package -DskipTests >"$log" 2>&1); then
    tail -n 30 "$log" >&2
    echo "marina: the build failed; all of its output is in $log" >&2
    exit 1
  fi
}

# For colours, bars and screens: what the command prints to.
MARINA_STDOUT=
MARINA_STDERR=
[ -t 1 ] && MARINA_STDOUT=tty
[ -t 2 ] && MARINA_STDERR=tty
export MARINA_STDOUT MARINA_STDERR

run_java() {
  exec "$java" $JVM ${JAVA_OPTS:-} -cp "$LIB" "$@"
}

find_java
if [ ! -x "$java" ]; then
  echo "marina: no Java 17 or newer was found; install one or set JAVA_HOME" >&2
  exit 1
fi
build
if [ ! -f "$MARINA_HOME/lib/marina.jar" ]; then
  echo "marina: $MARINA_HOME/lib/marina.jar is missing; is MARINA_HOME right?" >&2
  exit 1
fi

# What libraries of web applications need that look into the JDK, as Tomcat passes it; sun.nio.ch for Marina itself, which asks the
# system whether clients are still there; and what Java 17 would take from the locale, for the environment of processes too.
JVM="--add-opens=java.base/java.lang=ALL-UNNAMED --add-opens=java.base/java.lang.reflect=ALL-UNNAMED
 --add-opens=java.base/java.io=ALL-UNNAMED --add-opens=java.base/java.util=ALL-UNNAMED
 --add-opens=java.base/java.util.concurrent=ALL-UNNAMED --add-opens=java.rmi/sun.rmi.transport=ALL-UNNAMED
 --add-exports=java.base/sun.nio.ch=ALL-UNNAMED --enable-native-access=ALL-UNNAMED -Djava.awt.headless=true -Dfile.encoding=UTF-8"
LIB="$MARINA_HOME/lib/marina.jar:$MARINA_HOME/lib/*"

# Sets memory, in MB, and processors: what the machine has, or the cgroup that this shell is in, if that is less.
machine() {
  memory=4096
  own=
  [ ! -r /proc/meminfo ] || while read -r name amount unit; do
    case $name in
      MemTotal:) memory=$((amount / 1024)) && break ;;
    esac
  done </proc/meminfo
  [ ! -r /proc/self/cgroup ] || while read -r line; do
    case $line in
      0::*) own=${line#0::} ;;
    esac
  done </proc/self/cgroup
  for file in /sys/fs/cgroup/memory.max "/sys/fs/cgroup$own/memory.max" /sys/fs/cgroup/memory/memory.limit_in_bytes; do
    [ -r "$file" ] && read -r limit <"$file" || continue
    case $limit in
      '' | *[!0-9]* | ???????????????????*) continue ;; # max, or more than there is
    esac
    [ $((limit / 1048576)) -ge "$memory" ] || memory=$((limit / 1048576))
  done
  processors=$(nproc 2>/dev/null) || processors=0
  for file in /sys/fs/cgroup/cpu.max "/sys/fs/cgroup$own/cpu.max"; do
    [ -r "$file" ] && read -r quota period <"$file" || continue
    case $quota in
      '' | *[!0-9]*) continue ;; # max
    esac
    limit=$(((quota + period - 1) / period))
    [ "$limit" -ge "$processors" ] || processors=$limit
  done
}

# Options of the server's JVM that depend on the machine; what MARINA_OPTS and JAVA_OPTS say comes later, and wins.
tune() {
  machine
  options=" ${JAVA_OPTS:-} ${MARINA_OPTS:-} ${JDK_JAVA_OPTIONS:-} ${JAVA_TOOL_OPTIONS:-} "
  profile=${MARINA_PROFILE:-}
  if [ -z "$profile" ]; then
    profile=server
    [ "$memory" -gt 512 ] || profile=small
  fi
  TUNING=
  COLLECTOR= # none of TUNING: an archive of classes fits all of them, and that of an image is made on another machine than it runs on
  case $profile in
    server) # begins small; to keep it small, by HeapFreeRatio, costs a quarter more processor time under load
      case $options in
        *-Xms* | *-XX:InitialHeapSize* | *-XX:InitialRAMPercentage*) ;;
        *) TUNING="-Xms8m" ;;
      esac
      ;;
    small)
      TUNING="-XX:TieredStopAtLevel=1 -Xms8m -XX:ReservedCodeCacheSize=48m"
      case $options in
        *-XX:+Use*GC*) ;;
        *) TUNING="$TUNING -XX:+UseSerialGC -XX:MinHeapFreeRatio=10 -XX:MaxHeapFreeRatio=30" ;;
      esac
      ;;
    none) return ;;
    *)
      echo "marina: MARINA_PROFILE is \"$profile\"; write server, small or none" >&2
      exit 1
      ;;
  esac
  case $variant in
    \"[Oo][Pp][Ee][Nn][Jj]9*) return ;;
  esac
  [ "$feature" -lt 25 ] || TUNING="$TUNING -XX:+UseCompactObjectHeaders"
  # The archive of classes stays where it was made for. Moved at random, as newer JDKs have it, each JVM has all of it to itself.
  [ "$feature" -lt 17 ] || TUNING="$TUNING -XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0"
  # The JVM takes the serial collector for one processor or less than 1792 MB, and G1 else. With two processors G1 has too few for what
  # it does beside the program: the parallel one forwards 5 to 10 % more, with shorter pauses.
  case $profile$options in
    small* | *-XX:+Use*GC* | *-XX:ActiveProcessorCount*) ;;
    *) [ "$processors" -ne 2 ] || [ "$memory" -lt 1792 ] || COLLECTOR=-XX:+UseParallelGC ;;
  esac
}

# The archive of classes that an earlier start has had made for this JVM and these options: of the instance, or one that came with the
# installation. Its name ends with its size, because Java 17 crashes with one that was cut off. The JVM itself refuses one that was
# made for other jars; the server then has another one made.
archive() {
  ARCHIVE=
  place=
  case "${MARINA_ARCHIVE:-on}$options" in
    off* | *-XX:SharedArchiveFile* | *-XX:AOT* | *-Xshare*) return ;;
  esac
  [ "$feature" -ge 17 ] || return 0
  key=$(printf '%s' "$java $feature $MARINA_HOME $JVM $TUNING ${JAVA_OPTS:-} ${MARINA_OPTS:-}" | cksum)
  key=server-${key%% *}
  place=$MARINA_BASE/work/cds/$key
  for file in "$place"-*.[aj]* "$MARINA_HOME/work/cds/$key"-*.[aj]*; do
    bytes=${file##*-}
    [ -r "$file" ] && [ "$(wc -c <"$file")" -eq "${bytes%.*}" ] || continue
    case $file in
      *.aot) ARCHIVE=-XX:AOTCache=$file ;;
      *.jsa) ARCHIVE=-XX:SharedArchiveFile=$file ;;
    esac
    break
  done
}

# Runs the server's JVM, in place of this shell.
run_server() {
  set -- -cp "$LIB" marina.Main "$@"
  [ -z "$place" ] || set -- "-Dmarina.archive=$place" "$@"
  case $ARCHIVE in # one that is damaged or out of date is none, and that is all
    *.aot) set -- "$ARCHIVE" -Xlog:aot=off -Xlog:cds=off "$@" ;;
    *.jsa) set -- "$ARCHIVE" -Xlog:cds=off -Xlog:cds+dynamic=off "$@" ;;
  esac
  exec $DETACH "$java" $JVM $TUNING $COLLECTOR ${JAVA_OPTS:-} ${MARINA_OPTS:-} "$@"
}

COMMAND="-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto marina.Main"

start() {
  out=$MARINA_BASE/logs/marina.out
  if ! { [ -d "$MARINA_BASE/logs" ] || mkdir -p "$MARINA_BASE/logs"; } || ! true >>"$out"; then
    echo "marina: $out cannot be written; change the owner or the mode of the folder" >&2
    exit 1
  fi
  size=$(wc -c <"$out")
  tune
  archive
  DETACH=$(command -v setsid || command -v nohup || true)
  (run_server run --background "$@") >>"$out" 2>&1 </dev/null &
  pid=$!
  # Not another JVM that waits: it would take the processors from the one that starts.
  started=$MARINA_BASE/run/started-$pid
  while [ ! -f "$started" ] && kill -0 "$pid" 2>/dev/null; do
    sleep 0.05 2>/dev/null || sleep 1
  done
  if [ -f "$started" ]; then
    cat "$started"
    [ -s "$started" ] || echo "Marina started: pid $pid; logs/marina.log tells why no more can be said."
    rm -f "$started"
    exit 0
  fi
  echo "Marina did not start." >&2
  said=$(tail -c "+$((size + 1))" "$out" | tail -c 8192)
  printf '%s\n' "$said" >&2
  exit 1
}

config= # "-c FILE" may also stand before the verb
if [ "${1:-}" = -c ] && [ $# -ge 2 ]; then
  config=$2
  shift 2
fi
verb=${1:-help}
[ $# -eq 0 ] || shift
if [ -n "$config" ]; then
  case $verb in
    start | run | stop | restart | rollback | complete-paths | check | dump | logs | backup | restore | export | prerender | convert) set -- -c "$config" "$@" ;;
  esac
fi
case $verb:${1:-} in # told here, because the server has no help of its own
  start:-h | start:--help) verb=help && set -- start ;;
esac
case $verb in
  start) start "$@" ;;
  run | archive)
    tune
    archive
    run_server "$verb" "$@"
    ;;
  restart)
    case ${1--} in
      -*) ;;
      /*) run_java $COMMAND restart "$@" ;;
      *)
        echo "marina: \"$1\" is no context path; it begins with / (restart alone restarts the server)" >&2
        exit 2
        ;;
    esac
    "$java" $JVM ${JAVA_OPTS:-} -cp "$LIB" $COMMAND check "$@" || exit 1
    "$java" $JVM ${JAVA_OPTS:-} -cp "$LIB" $COMMAND stop || [ $? -eq 3 ] || exit 1
    start "$@"
    ;;
  simulate)
    LIB="$MARINA_HOME/lib/simulator/*:$MARINA_HOME/lib/*"
    if [ ! -f "$MARINA_HOME/lib/simulator/marina-simulator.jar" ]; then
      echo "marina: $MARINA_HOME/lib/simulator/marina-simulator.jar is missing; build it with: mvn package -DskipTests" >&2
      exit 1
    fi
    run_java marina.simulator.SimulateCommand "$@"
    ;;
  help) run_java $COMMAND help "$@" ;;
  *) run_java $COMMAND "$verb" "$@" ;;
esac
