package marina.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control groups (cgroup v2) that Marina makes for processes with limits, one for each, beside its own:
 *
 * <pre>
 * the group that Marina was started in ┬ marina-server: Marina itself and all without limits
 *                                      ├ marina-_shop-MARK: one process tree
 *                                      └ …
 * </pre>
 *
 * A group that hands controllers down may have no members of its own, so Marina moves aside once, when it makes the first
 * group; where it may not, limits are kept in other ways. Thread-safe.
 */
final class CgroupTree {
    private static final Logger LOG = LoggerFactory.getLogger(CgroupTree.class);
    private static final String SERVER = "marina-server";
    private static final String CONTROL = "cgroup.subtree_control";
    private static final Set<String> WANTED = Set.of("memory", "pids");
    private static final int LONGEST_OWNER = 60;

    /** Processes may fork while they are being moved. */
    private static final int ROUNDS = 10;

    private static final Ground NOWHERE = new Ground(Path.of(""), Set.of());

    private final Path proc;
    private final AtomicReference<@Nullable CompletableFuture<Ground>> ground = new AtomicReference<>();

    /**
     * A tree; nothing is touched before the first group is wanted.
     *
     * @param proc the folder /proc/self
     */
    CgroupTree(Path proc) {
        this.proc = proc;
    }

    /** The group for a process, not yet made; none when it has no limits or there can be no groups. */
    Cgroup plan(ProcessSpec spec, String mark) {
        ResourceLimits limits = spec.limits();
        if (limits.memory() == 0 && limits.processes() == 0) {
            return Cgroup.NONE;
        }
        Ground place = ground();
        boolean useful = (limits.memory() > 0 && place.controllers.contains("memory"))
                || (limits.processes() > 0 && place.controllers.contains("pids"));
        String owner = spec.owner().replaceAll("[^A-Za-z0-9.-]", "_");
        String name = owner.substring(0, Math.min(LONGEST_OWNER, owner.length()));
        return useful ? new Cgroup(place.base.resolve("marina-" + name + "-" + mark)) : Cgroup.NONE;
    }

    /** Makes a planned group with its limits; none, with a line in the log, when that fails. */
    Cgroup make(Cgroup planned, ProcessSpec spec) {
        if (!planned.isGroup()) {
            return planned;
        }
        try {
            planned.make(spec.limits(), ground().controllers);
            return planned;
        } catch (IOException e) {
            LOG.warn("No cgroup for {}, its limits are kept in other ways: {}", spec.owner(), e.toString());
            return Cgroup.NONE;
        }
    }

    /** Whether a group of this tree keeps this limit. */
    boolean keeps(Cgroup group, String controller) {
        return group.isGroup() && ground().controllers.contains(controller);
    }

    private Ground ground() {
        CompletableFuture<Ground> mine = new CompletableFuture<>();
        CompletableFuture<Ground> first = ground.compareAndExchange(null, mine);
        if (first != null) {
            return first.join(); // it takes whoever came first a few milliseconds
        }
        mine.complete(prepare());
        return mine.join();
    }

    private Ground prepare() {
        Optional<CgroupMount> mount = CgroupMount.find(proc);
        if (mount.isEmpty()) {
            LOG.info("Limits are measured: there is no cgroup v2 here");
            return NOWHERE;
        }
        Path own = mount.get().own();
        Path name = own.getFileName();
        // Started by a Marina, or again from where the last one had moved: the groups belong beside this one.
        boolean moved = name != null && name.toString().equals(SERVER);
        Path base = moved ? own.resolveSibling("") : own;
        try {
            Set<String> controllers = new HashSet<>(words(base.resolve("cgroup.controllers")));
            controllers.retainAll(WANTED);
            if (!controllers.contains("memory")) {
                LOG.info("Limits are measured: the cgroup {} may not limit memory", base);
                return NOWHERE;
            }
            if (!words(base.resolve(CONTROL)).containsAll(controllers)) {
                handDown(base, mount.get().isTop(), controllers);
            }
            LOG.debug("Limits are kept by cgroups below {}: {}", base, controllers);
            return new Ground(base, Set.copyOf(controllers));
        } catch (IOException e) {
            String why = e instanceof FileSystemException ? e.toString() : e.getMessage();
            LOG.info("Limits are measured: Marina cannot make cgroups below {}: {}", base, why);
            return NOWHERE;
        }
    }

    private static void handDown(Path base, boolean isTop, Set<String> controllers) throws IOException {
        try {
            enable(base, controllers);
        } catch (FileSystemException e) {
            throw e; // it is not ours
        } catch (IOException e) {
            LOG.debug("The cgroup {} has members: {}", base, e.toString());
            moveAside(base, isTop);
            enable(base, controllers);
        }
    }

    private static void enable(Path base, Set<String> controllers) throws IOException {
        Files.writeString(base.resolve(CONTROL), "+" + String.join(" +", controllers));
    }

    private static void moveAside(Path base, boolean isTop) throws IOException {
        Set<Long> others = new HashSet<>(Cgroup.pidsIn(base));
        ProcessHandle self = ProcessHandle.current();
        others.remove(self.pid());
        self.descendants().map(ProcessHandle::pid).forEach(others::remove);
        if (!others.isEmpty() && !isTop && !isDelegated(base)) {
            throw new IOException("others live in it, too (pids " + others
                    + ") and it is not delegated; run Marina as a service with Delegate=yes");
        }
        Path server = base.resolve(SERVER);
        if (!Files.isDirectory(server)) {
            Files.createDirectory(server);
        }
        List<Long> members = Cgroup.pidsIn(base);
        for (int round = 0; round < ROUNDS && !members.isEmpty(); round++) {
            for (long pid : members) {
                move(pid, server);
            }
            members = Cgroup.pidsIn(base);
        }
    }

    private static void move(long pid, Path group) throws IOException {
        try {
            Files.writeString(group.resolve(Cgroup.MEMBERS), Long.toString(pid));
        } catch (IOException e) {
            if (ProcessHandle.of(pid).isPresent()) {
                throw e;
            }
        }
    }

    /** Whether systemd has given the group to its service (Delegate=yes); it says so in an extended attribute. */
    private static boolean isDelegated(Path group) {
        UserDefinedFileAttributeView attributes = Files.getFileAttributeView(group, UserDefinedFileAttributeView.class);
        try {
            ByteBuffer value = ByteBuffer.allocate(attributes.size("delegate"));
            attributes.read("delegate", value);
            return StandardCharsets.US_ASCII.decode(value.flip()).toString().equals("1");
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    private static Set<String> words(Path file) throws IOException {
        return Set.of(Files.readString(file).strip().split("\\s+", -1));
    }

    /**
     * Where groups can be made.
     *
     * @param controllers that they may have
     */
    private record Ground(Path base, Set<String> controllers) {}
}
