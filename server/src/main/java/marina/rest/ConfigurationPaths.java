package marina.rest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import marina.config.ConfigDump;
import marina.config.ConfigException;
import marina.config.ConfigOrigins;
import marina.config.ContextPath;
import marina.config.Directories;
import marina.config.ServerConfig;
import marina.config.Value;
import marina.context.MountedContext;
import marina.server.MarinaServer;
import org.eclipse.jetty.util.ajax.JSON;

/** The path of the configuration in effect. */
final class ConfigurationPaths {
    private static final int MOST_FILES = 1_000;

    private final MarinaServer server;

    ConfigurationPaths(MarinaServer server) {
        this.server = server;
    }

    void addTo(Rest rest) {
        rest.add("GET", "/configuration", this::configuration);
    }

    /** With {@code path} that of a context, else that of the server; the YAML is always that of all. */
    private void configuration(Call call) throws BadCall {
        Optional<ContextPath> context = Optional.empty();
        String path = call.optional("path");
        if (!path.isEmpty()) {
            MountedContext named = ContextJson.find(server, path)
                    .orElseThrow(() -> new BadCall(404, "no context is mounted at \"" + path + "\""));
            context = Optional.of(named.path());
        }
        ServerConfig config = server.host().config();
        Directories directories = server.directories();
        ConfigDump dump = new ConfigDump(directories);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put(
                "yaml",
                context.flatMap(one -> Optional.ofNullable(config.contexts().get(one)))
                        .map(one -> dump.dump(config, one))
                        .orElseGet(() -> dump.dump(config)));
        json.put("values", values(config, context));
        json.put("files", files(directories));
        json.put(
                "problems",
                server.reloader()
                        .lastReload()
                        .filter(last -> !last.outcome().succeeded())
                        .map(last -> last.outcome().messages())
                        .orElse(List.of()));
        call.json(json);
    }

    private List<Map<String, Object>> values(ServerConfig config, Optional<ContextPath> context) {
        Value.Mapping written;
        try {
            written = server.serverFile();
        } catch (ConfigException e) {
            return List.of(); // the file has mistakes now, which the problems tell
        }
        return ConfigOrigins.of(config, written, server.directories(), context).stream()
                .map(value -> {
                    Map<String, Object> json = new LinkedHashMap<>();
                    json.put("key", value.key());
                    json.put("value", text(value.value()));
                    json.put("origin", value.origin());
                    return json;
                })
                .toList();
    }

    /** A list as JSON, which is YAML as well. */
    private static String text(Object value) {
        return value instanceof List<?> ? new JSON().toJSON(value) : String.valueOf(value);
    }

    private static List<String> files(Directories directories) {
        try (Stream<Path> files = Files.walk(directories.conf())) {
            return files.filter(file -> file.toString().endsWith(".yml") && Files.isRegularFile(file))
                    .limit(MOST_FILES)
                    .map(directories::display)
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            return List.of();
        }
    }
}
