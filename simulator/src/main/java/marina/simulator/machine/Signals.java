package marina.simulator.machine;

import com.sun.jna.Library;
import com.sun.jna.Native;
import java.util.LinkedHashSet;
import java.util.Set;

/** Signals to processes of machines. Thread-safe. */
final class Signals {

    static final int KILL = 9;
    static final int STOP = 19;
    static final int CONT = 18;
    static final int TERM = 15;

    private static final int MOST_ROUNDS = 20;
    private static final LibC LIBC = Native.load("c", LibC.class);

    private Signals() {}

    interface LibC extends Library {
        int kill(int pid, int signal);
    }

    /** The number of a signal that a machine may name; those of Linux on x86 and ARM. */
    static int number(String name) {
        return switch (name) {
            case "SIGTERM" -> TERM;
            case "SIGQUIT" -> 3;
            case "SIGKILL" -> KILL;
            case "SIGUSR1" -> 10;
            case "SIGUSR2" -> 12;
            case "SIGSTOP" -> STOP;
            default -> 2;
        };
    }

    /** To one process. */
    static void send(long pid, int signal) {
        if (pid > 1) {
            LIBC.kill(Math.toIntExact(pid), signal);
        }
    }

    /** To all processes of a machine, again and again until there are no new ones: some fork meanwhile. */
    static void sendToAll(Family family, int signal) {
        Set<Long> done = new LinkedHashSet<>();
        for (int round = 0; round < MOST_ROUNDS; round++) {
            Set<Long> found = family.pids();
            found.removeAll(done);
            if (found.isEmpty()) {
                return;
            }
            found.forEach(pid -> send(pid, signal));
            done.addAll(found);
        }
    }
}
