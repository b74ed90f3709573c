package marina.rest;

import java.util.List;
import java.util.Map;
import marina.config.ConfigDump;
import marina.server.MarinaServer;

/** The paths that mean the server as a whole. */
final class ServerPaths {
    private final MarinaServer server;
    private final Runnable stop;

    ServerPaths(MarinaServer server, Runnable stop) {
        this.server = server;
        this.stop = stop;
    }

    void addTo(Rest rest) {
        rest.add(
                "GET",
                "/dump",
                call -> call.json(Map.of(
                        "yaml",
                        new ConfigDump(server.directories()).dump(server.host().config()))));
        rest.add("POST", "/reload", call -> {
            var unused = server.reloader().reload().thenAccept(call::outcome);
        });
        rest.add("POST", "/stop", call -> {
            call.json(Map.of("succeeded", true, "messages", List.of("stopping")));
            new Thread(stop, "marina-stop").start();
        });
        rest.add("GET", "/leaks", call -> call.json(server.findLeaks()));
    }
}
