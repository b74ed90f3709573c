package marina.simulator.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A small shell process that outlives the simulator by a moment: when the simulator is gone, even by kill -9, its end of
 * the pipe closes, and the warden kills every process that carries the mark of this run, with all of its descendants, which
 * may have been started without their parent's environment. Linux; elsewhere it does nothing.
 */
final class Warden implements AutoCloseable {

    /** The variable in which processes of machines carry their mark, {@code run/machine}. */
    static final String MARK = "FLEET_MACHINE";

    /** Without "done" on its input: mark by mark and child by child, three times, because some fork meanwhile. */
    private static final String SCRIPT =
            """
            trap '' INT TERM HUP
            if read -r word; then exit 0; fi
            for round in 1 2 3; do
              marked=
              for file in /proc/[0-9]*/environ; do
                if tr '\\0' '\\n' 2>/dev/null <"$file" | grep -q "^MARK=$1/"; then
                  pid=${file#/proc/}
                  marked="$marked ${pid%/environ}"
                fi
              done
              all=$(sed -n 's/^\\([0-9]*\\) .*) . \\([0-9]*\\) .*/\\1 \\2/p' /proc/[0-9]*/stat 2>/dev/null | awk -v marked="$marked" '
                BEGIN { n = split(marked, list, " "); for (i = 1; i <= n; i++) dead[list[i]] = 1 }
                { parent[$1] = $2 }
                END {
                  do {
                    more = 0
                    for (pid in parent) if (!(pid in dead) && (parent[pid] in dead)) { dead[pid] = 1; more = 1 }
                  } while (more)
                  for (pid in dead) print pid
                }')
              [ -z "$all" ] || kill -KILL $all
            done
            """
                    .replace("MARK", MARK);

    private final Process process;

    Warden(String run) {
        List<String> command = List.of("setsid", "sh", "-c", SCRIPT, "warden", run);
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD);
            builder.environment().remove(MARK);
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException("setsid or sh cannot be started; install util-linux", e);
        }
    }

    /** It goes without a look around: there is nothing left to kill. */
    @Override
    public void close() {
        try {
            process.getOutputStream().write("done\n".getBytes(StandardCharsets.US_ASCII));
            process.getOutputStream().close();
            process.onExit().join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
