package marina.process;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import marina.process.Signals.Signal;

/**
 * A process with all that came from it: its process group, its session, and whoever carries its mark in the
 * environment, be it in a session of its own. Finds and signals them; never by pid alone. Thread-safe.
 */
final class ProcessTree {
    /** Environment variable that marks a process and its descendants. */
    static final String MARK = "MARINA_PROCESS";

    private final Identity identity;
    private final boolean trustSession;
    private final Cgroup cgroup;
    private final ProcTable table;
    private final Signals signals;

    /**
     * A tree.
     *
     * @param trustSession whether a process in the leader's session belongs to the tree even when the leader is gone;
     *     only right for somebody who saw the leader alive a moment ago
     * @param cgroup whose members all belong to it, or none
     */
    ProcessTree(Identity identity, boolean trustSession, Cgroup cgroup, ProcTable table, Signals signals) {
        this.identity = identity;
        this.trustSession = trustSession;
        this.cgroup = cgroup;
        this.table = table;
        this.signals = signals;
    }

    /** Those that are alive now. Reads the whole process table: some milliseconds. */
    List<ProcEntry> members() {
        if (!table.present()) {
            return descendants();
        }
        List<ProcEntry> all = table.all();
        Optional<ProcEntry> holder =
                all.stream().filter(entry -> entry.pid() == identity.pid()).findFirst();
        boolean leaderPresent = holder.isPresent() && holder.get().startTicks() == identity.startTicks();
        boolean pidReused = holder.isPresent() && !leaderPresent;
        boolean sessionIsOurs = identity.leadsSession() && !pidReused && (leaderPresent || trustSession);
        Set<Long> grouped = cgroup.pids();
        List<ProcEntry> members = new ArrayList<>();
        for (ProcEntry entry : all) {
            // Nothing that is older than the leader descends from it: this spares reading most environments.
            boolean young = entry.startTicks() >= identity.startTicks();
            if (entry.alive() && (grouped.contains(entry.pid()) || (young && belongs(entry, sessionIsOurs)))) {
                members.add(entry);
            }
        }
        return members;
    }

    /** Signals the given members: those in the leader's group all at once, the others one by one. */
    void signal(List<ProcEntry> members, Signal signal) {
        if (signal == Signal.KILL) {
            cgroup.kill();
        }
        boolean group = false;
        for (ProcEntry member : members) {
            if (identity.leadsSession() && member.group() == identity.pid()) {
                group = true;
            } else {
                signals.process(member.pid(), signal);
            }
        }
        if (group && !signals.group(identity.pid(), signal)) {
            members.forEach(member -> signals.process(member.pid(), signal));
        }
    }

    private boolean belongs(ProcEntry entry, boolean sessionIsOurs) {
        if (entry.pid() == identity.pid()) {
            return entry.startTicks() == identity.startTicks();
        }
        boolean near = entry.session() == identity.pid() || entry.group() == identity.pid();
        return (sessionIsOurs && near) || table.environmentHas(entry.pid(), MARK + "=" + identity.mark());
    }

    /** Without a process table: as far as the JDK sees. */
    private List<ProcEntry> descendants() {
        List<ProcEntry> members = new ArrayList<>();
        boolean same = table.startOf(identity.pid()).equals(Optional.of(identity.startTicks()));
        ProcessHandle.of(identity.pid())
                .filter(leader -> same && leader.isAlive())
                .ifPresent(leader -> {
                    leader.descendants().forEach(child -> members.add(entryOf(child)));
                    members.add(entryOf(leader));
                });
        return members;
    }

    private static ProcEntry entryOf(ProcessHandle process) {
        return new ProcEntry(process.pid(), 'S', 0, 0, 0);
    }

    /**
     * What names a tree for good.
     *
     * @param pid of its leader
     * @param startTicks of its leader
     * @param leadsSession whether the leader's pid is also the id of its group and session
     * @param mark in the environment of all of it
     */
    record Identity(long pid, long startTicks, boolean leadsSession, String mark) {}
}
