package marina.rest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import marina.config.ConfigDump;
import marina.server.MarinaServer;
import org.eclipse.jetty.http.HttpHeader;

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
        rest.add("GET", "/openapi.json", ServerPaths::describe);
        rest.add("GET", "/leaks", call -> call.json(server.findLeaks()));
    }

    private static void describe(Call call) throws IOException {
        try (InputStream in = ServerPaths.class.getResourceAsStream("openapi.json")) {
            byte[] bytes = Objects.requireNonNull(in, "openapi.json is part of the jar")
                    .readAllBytes();
            call.response().setStatus(200);
            call.response().getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
            call.response().write(true, ByteBuffer.wrap(bytes), call.callback());
        }
    }
}
