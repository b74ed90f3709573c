package marina.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads {@code hooks} of the server and of contexts. */
final class HookReader {
    private static final String MIGRATE = "migrate";
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
                hooks(s, "reload", false, Set.of()),
                hooks(s, "ready", true, Set.of()),
                suspend.isEmpty() ? idle : suspend,
                hooks(s, "resume", true, Set.of()),
                hooks(s, "stop", true, Set.of()));
    }

    /**
     * Reads {@code hooks} of a context, and {@code migrate}, which may stand beside or in it.
     *
     * @param context that they are of
     * @param late the names that a command may use
     */
    static ContextHooks ofContext(Section context, Set<String> late) {
        List<Hook> migrate = migrate(context, late);
        return context.section("hooks", s -> {
            if (s.has(MIGRATE) && context.has(MIGRATE)) {
                s.problem(MIGRATE, "is another name of migrate; write only one of them");
            }
            List<Hook> below = migrate(s, late);
            return new ContextHooks(
                    migrate.isEmpty() ? below : migrate,
                    hooks(s, "start", false, late),
                    hooks(s, "ready", false, late),
                    hooks(s, "stop", false, late));
        });
    }

    /** A command as one text, or hooks. */
    private static List<Hook> migrate(Section s, Set<String> late) {
        Optional<Value> written = s.written(MIGRATE);
        if (written.filter(Value.Scalar.class::isInstance).isPresent()) {
            List<Template> command = s.command(MIGRATE, late);
            return command.isEmpty() ? List.of() : List.of(new Hook(command, TIMEOUT, ""));
        }
        for (Value item : s.items(MIGRATE)) {
            if (item instanceof Value.Scalar) {
                s.problem(
                        MIGRATE,
                        "has a text where a hook is expected; write one text, e.g. \"bin/rails db:migrate\", or"
                                + " [{ command: [bin/rails, \"db:migrate\"] }]");
                return List.of();
            }
        }
        return hooks(s, MIGRATE, false, late);
    }

    private static List<Hook> hooks(Section s, String point, boolean mayReload, Set<String> late) {
        return s.sections(point, hook -> {
            List<Template> command = hook.command("command", late);
            Duration timeout = hook.value("timeout", DurationText::parse, TIMEOUT);
            String reload = mayReload ? hook.text("reload_config", "") : "";
            PathText paths = hook.reading().paths();
            Optional<Path> directory = hook.value("directory", text -> folder(paths, text));
            Map<String, Template> env = ContextReader.env(hook, late);
            boolean required = hook.flag("required", true);
            if (!required && !reload.isEmpty()) {
                hook.problem("required", "does not go with reload_config, which needs success; remove one of them");
            }
            if (!hook.has("command")) {
                hook.problem("command", "needs a command, e.g. command: [bin/prepare]");
            }
            return command.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Hook(command, timeout, reload, directory, env, required));
        });
    }

    /** One that no other hook may still make: a hook runs nowhere else. */
    private static Path folder(PathText paths, String text) {
        try {
            return paths.directory(text);
        } catch (BadText e) {
            throw BadText.of(String.valueOf(e.getMessage()));
        }
    }
}
