package marina.simulator.machine;

import com.sun.jna.Library;
import com.sun.jna.Native;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Signals to all processes of a machine: the descendants of its main process, and those that have left the tree but still
 * carry the machine's mark in their environment (Linux). Thread-safe.
 */
final class Signals {

    static final int KILL = 9;
    static final int STOP = 19;
    static final int CONT = 18;
    static final int TERM = 15;

    private static final int MOST_ROUNDS = 20;
    private static final LibC LIBC = Native.load("c", LibC.class);
    private static final Path PROC = Path.of("/proc");

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
    static void sendToAll(ProcessHandle main, String mark, int signal) {
        Set<Long> done = new LinkedHashSet<>();
        for (int round = 0; round < MOST_ROUNDS; round++) {
            Set<Long> found = family(main, mark);
            found.removeAll(done);
            if (found.isEmpty()) {
                return;
            }
            found.forEach(pid -> send(pid, signal));
            done.addAll(found);
        }
    }

    private static Set<Long> family(ProcessHandle main, String mark) {
        Set<Long> found = new LinkedHashSet<>();
        if (main.isAlive()) {
            found.add(main.pid());
            main.descendants().forEach(process -> found.add(process.pid()));
        }
        byte[] wanted = mark.getBytes(StandardCharsets.UTF_8);
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                if (carries(process.resolve("environ"), wanted)) {
                    found.add(Long.parseLong(process.getFileName().toString()));
                }
            }
        } catch (IOException e) {
            return found; // no /proc: the descendants must do
        }
        return found;
    }

    private static boolean carries(Path environ, byte[] mark) {
        byte[] all;
        try {
            all = Files.readAllBytes(environ);
        } catch (IOException e) {
            return false; // it has ended, or belongs to somebody else
        }
        int from = 0;
        for (int i = 0; i <= all.length; i++) {
            if (i == all.length || all[i] == 0) {
                if (i - from == mark.length && java.util.Arrays.equals(all, from, i, mark, 0, mark.length)) {
                    return true;
                }
                from = i + 1;
            }
        }
        return false;
    }
}
