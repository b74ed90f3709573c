package marina.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The programs in front of a program, each of which arranges something and then becomes the next one, so that the pid stays
 * the same: {@code setsid} → {@code sh} (into the cgroup) → {@code prlimit} → {@code setpriv} (user) → the program. No name
 * or value is read by a shell. Thread-safe.
 */
final class ExecChain {
    private static final Logger LOG = LoggerFactory.getLogger(ExecChain.class);

    /** The pid of the shell is that of the program: exec does not change it. */
    private static final String JOIN = "echo $$ > \"$0\" && exec \"$@\"";

    /** Standard output and error, and input if it is one, are Marina's pipes; programs that open /dev/stdout need to own them. */
    private static final String OWN_OUTPUT =
            "for fd in 0 1 2; do [ -p /proc/self/fd/$fd ] && chown \"$0\" /proc/self/fd/$fd; done; exec \"$@\"";

    private final Optional<Path> setsid = find("setsid");
    private final AtomicBoolean rootWarned = new AtomicBoolean();

    /** Whether programs get a session of their own. */
    boolean makesSessions() {
        return setsid.isPresent();
    }

    /**
     * The whole command.
     *
     * @param program and its arguments
     * @param cgroup that it joins, or none
     * @param cgroupCounts whether the cgroup keeps the limit of processes
     * @throws LaunchException when a program is missing
     */
    List<String> command(List<String> program, ProcessSpec spec, Cgroup cgroup, boolean cgroupCounts)
            throws LaunchException {
        List<String> command = new ArrayList<>();
        setsid.ifPresent(path -> command.add(path.toString()));
        if (cgroup.isGroup()) {
            command.addAll(List.of("/bin/sh", "-c", JOIN, cgroup.members().toString()));
        }
        limit(command, spec, cgroupCounts);
        become(command, spec.account());
        command.addAll(program);
        return command;
    }

    private void limit(List<String> command, ProcessSpec spec, boolean cgroupCounts) throws LaunchException {
        ResourceLimits limits = spec.limits();
        boolean count = limits.processes() > 0 && !cgroupCounts;
        if (limits.openFiles() == 0 && !count) {
            return;
        }
        command.add(need("prlimit"));
        if (limits.openFiles() > 0) {
            command.add("--nofile=" + limits.openFiles() + ":" + limits.openFiles());
        }
        if (count) {
            command.add("--nproc=" + limits.processes() + ":" + limits.processes());
            if (isRoot(spec.account()) && !rootWarned.getAndSet(true)) {
                LOG.warn(
                        "limits.processes of {} has no effect: it runs as root, which only a cgroup can limit;"
                                + " give it a user",
                        spec.owner());
            }
        }
    }

    private static void become(List<String> command, Account account) throws LaunchException {
        if (!account.isOther()) {
            return;
        }
        String owner = account.uid() + ":" + account.gid();
        command.addAll(List.of("/bin/sh", "-c", OWN_OUTPUT, owner));
        command.add(need("setpriv"));
        command.add("--reuid=" + account.uid());
        command.add("--regid=" + account.gid());
        command.add(account.listed() ? "--init-groups" : "--clear-groups");
        command.add("--inh-caps=-all");
    }

    private static boolean isRoot(Account account) {
        return account.isOther()
                ? account.uid() == 0
                : System.getProperty("user.name", "").equals("root");
    }

    private static String need(String program) throws LaunchException {
        return find(program)
                .orElseThrow(() -> new LaunchException(program + " is not in Marina's PATH; install util-linux"))
                .toString();
    }

    private static Optional<Path> find(String program) {
        return ProgramLookup.find(program, System.getenv("PATH"));
    }
}
