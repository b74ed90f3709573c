package marina.config;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Reads how the process of a context runs: its account, its limits, what it inherits. */
final class ProcessReader {
    private static final String OWN_ACCOUNT = "; start Marina as root, or remove it";

    private final Section section;
    private final Accounts accounts;

    private ProcessReader(Section section) {
        this.section = section;
        this.accounts = section.reading().accounts();
    }

    /**
     * Reads the process of a context.
     *
     * @param limits its section of that name
     */
    static ProcessConfig read(Section s, Section limits) {
        return new ProcessReader(s).read(limits);
    }

    /** Reads what only has an account of its own. */
    static ProcessConfig account(Section s) {
        ProcessConfig absent = ProcessConfig.DEFAULT;
        return new ProcessConfig(
                absent.socket(),
                absent.memoryLimit(),
                s.text("user", ""),
                s.text("group", ""),
                new ProcessReader(s).account(),
                s.flag("inherit_env", absent.inheritEnv()),
                absent.openFiles(),
                absent.processes());
    }

    private ProcessConfig read(Section limits) {
        return new ProcessConfig(
                section.flag("socket", false),
                section.value("memory_limit", SizeText::parse, 0L),
                section.text("user", ""),
                section.text("group", ""),
                account(),
                section.flag("inherit_env", false),
                limits.value("open_files", this::limit, 0),
                limits.value("processes", this::limit, 0));
    }

    private int limit(String text) {
        int limit = Texts.number(text, 0, Integer.MAX_VALUE);
        if (limit > 0) {
            section.reading().outside().somethingElse();
        }
        if (limit > 0 && accounts.self().program("prlimit").isEmpty()) {
            throw BadText.of("needs prlimit, which is not in PATH; install util-linux, or remove it");
        }
        return limit;
    }

    private RunAs account() {
        Optional<RunAs> user = section.value("user", this::user).filter(RunAs::switches);
        Optional<Long> group = section.value("group", this::group).filter(gid -> gid >= 0);
        if (user.isPresent()) {
            RunAs account = group.map(user.get()::withGroup).orElse(user.get());
            if (!account.listed() && group.isEmpty()) {
                section.problem(
                        "user",
                        Secrets.quote(account.user()) + " has no account, so its group is not known;"
                                + " write group, too");
            }
            return isOwn(account) ? RunAs.MARINA : account;
        }
        Accounts.Self self = accounts.self();
        return group.filter(gid -> gid != self.gid())
                .flatMap(gid -> accounts.user(Long.toString(self.uid())).map(own -> own.withGroup(gid)))
                .orElse(RunAs.MARINA);
    }

    private RunAs user(String name) {
        if (name.isEmpty()) {
            return RunAs.MARINA;
        }
        section.reading().outside().somethingElse();
        RunAs account = accounts.user(name)
                .orElseThrow(() -> BadText.of(
                        "is no user of this machine; create it, e.g. with useradd --system, or write another"));
        Accounts.Self self = accounts.self();
        if (account.uid() != self.uid() && !self.isRoot()) {
            throw BadText.of("is another user than the one Marina runs as (uid " + self.uid() + ")" + OWN_ACCOUNT);
        }
        if (account.uid() != self.uid()) {
            needSetpriv();
        }
        return account;
    }

    private long group(String name) {
        if (name.isEmpty()) {
            return -1;
        }
        section.reading().outside().somethingElse();
        long gid = accounts.group(name)
                .orElseThrow(
                        () -> BadText.of("is no group of this machine; create it with groupadd, or write another"));
        Accounts.Self self = accounts.self();
        if (gid != self.gid() && !self.isRoot()) {
            throw BadText.of("is another group than the one Marina runs as (gid " + self.gid() + ")" + OWN_ACCOUNT);
        }
        if (gid != self.gid()) {
            needSetpriv();
        }
        return gid;
    }

    private void needSetpriv() {
        Optional<Path> setpriv = accounts.self().program("setpriv");
        if (setpriv.isEmpty()) {
            throw BadText.of("needs setpriv, which is not in PATH; install util-linux, or remove it");
        }
        if (isBusybox(setpriv.get())) {
            throw BadText.of("needs the setpriv of util-linux; " + setpriv.get()
                    + " is busybox's, which cannot switch users; on Alpine: apk add setpriv");
        }
    }

    private static boolean isBusybox(Path program) {
        try {
            return program.toRealPath().getFileName().toString().equals("busybox");
        } catch (IOException e) {
            return false; // then its start will tell
        }
    }

    private boolean isOwn(RunAs account) {
        Accounts.Self self = accounts.self();
        // Without root's power there is nothing to switch: every other account has been refused.
        return !self.isRoot() || (account.uid() == self.uid() && account.gid() == self.gid());
    }
}
