package marina.tomcat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import marina.backend.BackendState;
import marina.config.Content;
import marina.context.Failures;
import marina.context.MountedContext;
import marina.host.Host;
import marina.rest.Call;
import marina.rest.Endpoint;
import marina.server.MarinaServer;

/** The commands about contexts that are mounted: list, reload, start, stop. */
record ContextCommands(MarinaServer server) {
    private static final Set<BackendState> AVAILABLE = Set.of(BackendState.READY, BackendState.DRAINING);

    void addTo(Map<String, Endpoint> commands) {
        commands.put("/list", this::list);
        commands.put("/reload", this::reload);
        commands.put("/start", this::start);
        commands.put("/stop", this::stop);
    }

    /** The mounted context that a command names; empty, with the command answered, when there is none. */
    static Optional<MountedContext> named(MarinaServer server, ContextName name, Call call) {
        Optional<MountedContext> context = name.find(server);
        if (context.isEmpty()) {
            Lines.answer(call, "FAIL - No context exists named [" + name + "]");
        }
        return context;
    }

    private void list(Call call) {
        List<String> rows = new ArrayList<>();
        Stream.concat(server.host().contexts().stream(), server.host().olderVersions().stream())
                .forEach(context -> rows.add(row(context)));
        Lines.answer(call, "OK - Listed applications for virtual host [localhost]", rows);
    }

    /** Path, state, sessions and what Tomcat calls the document base. */
    private static String row(MountedContext context) {
        boolean running = AVAILABLE.contains(context.status().backend().state());
        boolean hasSessions = context.config().content() instanceof Content.War;
        long sessions = running && hasSessions ? Math.max(0, context.countSessions()) : 0;
        return context.path() + ":" + (running ? "running" : "stopped") + ":" + sessions + ":" + base(context);
    }

    private static String base(MountedContext context) {
        if (context.config().content() instanceof Content.War war) {
            return String.valueOf(war.archive().getFileName()).replaceFirst("\\.war$", "");
        }
        return context.path().isRoot()
                ? "ROOT"
                : context.path().value().substring(1).replace('/', '#');
    }

    private void reload(Call call) {
        ContextName.of(call).ifPresent(name -> named(server, name, call).ifPresent(context -> {
            var unused = server.reloader().restart(name.mounted()).thenAccept(outcome -> {
                if (outcome.succeeded()) {
                    Lines.answer(call, "OK - Reloaded application at context path [" + name + "]");
                } else {
                    Lines.answer(call, "FAIL - Encountered exception [" + String.join("; ", outcome.messages()) + "]");
                }
            });
        }));
    }

    private void start(Call call) {
        ContextName.of(call).ifPresent(name -> named(server, name, call).ifPresent(context -> {
            var unused = context.start().whenComplete((done, failure) -> {
                if (failure == null) {
                    Lines.answer(call, "OK - Started application at context path [" + name + "]");
                } else {
                    Lines.answer(
                            call,
                            "FAIL - Application at context path [" + name + "] could not be started",
                            List.of(Failures.reason(failure)));
                }
            });
        }));
    }

    private void stop(Call call) {
        ContextName.of(call).ifPresent(name -> named(server, name, call).ifPresent(context -> {
            var unused = context.stop(Host.DRAIN).whenComplete((done, failure) -> {
                if (failure == null) {
                    Lines.answer(call, "OK - Stopped application at context path [" + name + "]");
                } else {
                    Lines.answer(call, "FAIL - Encountered exception [" + Failures.reason(failure) + "]");
                }
            });
        }));
    }
}
