package marina.backend;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import marina.config.ProcessConfig;
import marina.config.RunAs;

/**
 * The environment of what Marina starts for a context, its hooks included: of Marina's own variables only PATH, HOME,
 * LANG, LC_ALL, TZ, USER and TMPDIR, so that no secret of one context or of the server reaches another; with
 * {@code inherit_env: true} all.
 */
public final class ProcessEnvironment {
    private static final Set<String> INHERITED = Set.of("PATH", "HOME", "LANG", "LC_ALL", "TZ", "USER", "TMPDIR");

    /** Marks of the process itself, and the ways to its supervisor, systemd or another Marina. */
    private static final Set<String> MARINAS = Set.of(
            "MARINA_PROCESS",
            "NOTIFY_SOCKET",
            "LISTEN_PID",
            "LISTEN_FDS",
            "LISTEN_FDNAMES",
            "WATCHDOG_PID",
            "WATCHDOG_USEC",
            "MAINPID");

    private ProcessEnvironment() {}

    /** The inherited variables and these, which win. */
    public static Map<String, String> with(Map<String, String> own) {
        return of(ProcessConfig.DEFAULT, own);
    }

    /**
     * What the process of a context inherits, and these, which win. HOME, USER and LOGNAME are those of its account.
     *
     * @param process with {@code inherit_env} it inherits everything but what is meant for Marina alone
     */
    public static Map<String, String> of(ProcessConfig process, Map<String, String> own) {
        Map<String, String> environment = inherited(process.inheritEnv());
        RunAs account = process.account();
        if (account.switches()) {
            environment.put("HOME", account.home());
            environment.put("USER", account.user());
            environment.put("LOGNAME", account.user());
        }
        environment.putAll(own);
        return Map.copyOf(environment);
    }

    /** What a process under Marina's own account inherits, everything or little, and these, which win. */
    public static Map<String, String> of(boolean everything, Map<String, String> own) {
        Map<String, String> environment = inherited(everything);
        environment.putAll(own);
        return Map.copyOf(environment);
    }

    private static Map<String, String> inherited(boolean everything) {
        Map<String, String> environment = new HashMap<>(System.getenv());
        if (everything) {
            environment.keySet().removeAll(MARINAS);
        } else {
            environment.keySet().retainAll(INHERITED);
        }
        return environment;
    }
}
