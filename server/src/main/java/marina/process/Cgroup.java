package marina.process;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One control group (cgroup v2) for one process tree: it counts, limits and kills all of it at once. Everything also works, to
 * no effect, on {@link #NONE} and on a group that is gone. Thread-safe, without state of its own.
 *
 * @param folder of the group below the cgroup2 mount; empty for none
 */
record Cgroup(Path folder) {
    /** No group. */
    static final Cgroup NONE = new Cgroup(Path.of(""));

    /** The file that shows and takes members. */
    static final String MEMBERS = "cgroup.procs";

    private static final Logger LOG = LoggerFactory.getLogger(Cgroup.class);
    private static final int DEEPEST = 16;

    /** Whether there is a group at all. */
    boolean isGroup() {
        return !folder.toString().isEmpty();
    }

    /**
     * Makes the group with these limits.
     *
     * @throws IOException when the system does not let us; then nothing is left of it
     */
    void make(ResourceLimits limits, Set<String> controllers) throws IOException {
        Files.createDirectory(folder);
        try {
            if (limits.memory() > 0 && controllers.contains("memory")) {
                write("memory.max", Long.toString(limits.memory()));
                writeIfThere("memory.swap.max", "0"); // absent where the kernel does not count swap
                writeIfThere("memory.oom.group", "1"); // since Linux 4.19
            }
            if (limits.processes() > 0 && controllers.contains("pids")) {
                write("pids.max", Integer.toString(limits.processes()));
            }
        } catch (IOException e) {
            remove();
            throw e;
        }
    }

    /** Where a process writes 0 or its pid to become a member. */
    Path members() {
        return folder.resolve(MEMBERS);
    }

    /** The processes in it and below it. */
    Set<Long> pids() {
        return isGroup() ? pids(folder, DEEPEST) : Set.of();
    }

    /** Kills all of it, be it forking ever so fast; does nothing before Linux 5.14, where signals must do. */
    void kill() {
        if (isGroup() && Files.exists(folder.resolve("cgroup.kill"))) {
            try {
                write("cgroup.kill", "1");
            } catch (IOException e) {
                LOG.debug("Cannot kill the cgroup {}: {}", folder, e.toString());
            }
        }
    }

    /** Bytes that it had used at most, when the kernel has killed in it for want of memory; empty when it has not. */
    Optional<Long> killedAt(long limit) {
        if (!isGroup()) {
            return Optional.empty();
        }
        boolean killed = lines("memory.events").stream().anyMatch(line -> line.matches("oom(_group)?_kill [1-9]\\d*"));
        return killed ? Optional.of(peak(limit)) : Optional.empty();
    }

    /** Removes it with all that the application has made below it; false when something still lives in it. */
    boolean remove() {
        if (!isGroup() || !Files.isDirectory(folder)) {
            return true;
        }
        try {
            remove(folder, DEEPEST);
            return true;
        } catch (IOException e) {
            LOG.debug("Cannot remove the cgroup {} yet: {}", folder, e.toString());
            return false;
        }
    }

    private long peak(long limit) {
        try {
            return Long.parseLong(
                    Files.readString(folder.resolve("memory.peak")).strip()); // since Linux 5.19
        } catch (IOException | NumberFormatException e) {
            return limit;
        }
    }

    private List<String> lines(String file) {
        try {
            return List.of(Files.readString(folder.resolve(file)).strip().split("\n", -1));
        } catch (IOException e) {
            return List.of();
        }
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(folder.resolve(file), text);
    }

    private void writeIfThere(String file, String text) throws IOException {
        if (Files.exists(folder.resolve(file))) {
            write(file, text);
        }
    }

    private static Set<Long> pids(Path group, int depth) {
        Set<Long> pids = new HashSet<>(pidsIn(group));
        if (depth > 0) {
            below(group).forEach(child -> pids.addAll(pids(child, depth - 1)));
        }
        return pids;
    }

    /** The processes in one group, not those below it. */
    static List<Long> pidsIn(Path group) {
        try {
            return Arrays.stream(Files.readString(group.resolve(MEMBERS)).split("\n", -1))
                    .filter(line -> !line.isEmpty())
                    .map(Long::valueOf)
                    .toList();
        } catch (IOException | NumberFormatException e) {
            return List.of(); // it is gone, or not ours to read
        }
    }

    private static void remove(Path group, int depth) throws IOException {
        if (depth > 0) {
            for (Path child : below(group)) {
                remove(child, depth - 1);
            }
        }
        Files.deleteIfExists(group); // its files are not real and go with it
    }

    private static List<Path> below(Path group) {
        List<Path> children = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(group, Files::isDirectory)) {
            entries.forEach(children::add);
        } catch (IOException e) {
            LOG.debug("Cannot list the cgroup {}: {}", group, e.toString());
        }
        return children;
    }
}
