package marina.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads {@code hooks} of the server and of contexts. */
final class HookReader {
    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    private HookReader() {}

    static ServerHooks ofServer(Section s) {
        List<Hook> suspend = hooks(s, "suspend", true, Set.of());
        List<Hook> idle = hooks(s, "idle", true, Set.of());
        if (s.has("suspend") && s.has("idle")) {
            s.problem("idle", "is another name of suspend; write only one of them");
        }
        return new ServerHooks(
                hooks(s, "start", true, Set.of()),
                hooks(s, "ready", true, Set.of()),
                suspend.isEmpty() ? idle : suspend,
                hooks(s, "resume", true, Set.of()),
                hooks(s, "stop", true, Set.of()));
    }

    static ContextHooks ofContext(Section s, Set<String> late) {
        return new ContextHooks(
                hooks(s, "start", false, late), hooks(s, "ready", false, late), hooks(s, "stop", false, late));
    }

    private static List<Hook> hooks(Section s, String point, boolean mayReload, Set<String> late) {
        return s.sections(point, hook -> {
            List<Template> command = hook.command("command", late);
            Duration timeout = hook.value("timeout", DurationText::parse, TIMEOUT);
            String reload = mayReload ? hook.text("reload_config", "") : "";
            if (!hook.has("command")) {
                hook.problem("command", "needs a command, e.g. command: [bin/prepare]");
            }
            return command.isEmpty() ? Optional.empty() : Optional.of(new Hook(command, timeout, reload));
        });
    }
}
