package marina.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The folders of one instance, filled by a test. */
final class Instance {
    private final Path base;
    private final Map<String, String> environment = new HashMap<>();

    Instance(Path base) {
        this.base = base;
    }

    /** Writes a file; programs lie in bin. */
    Instance file(String name, String text) {
        try {
            Path file = base.resolve(name);
            Path parent = file.getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            Files.writeString(file, text);
            boolean unused = name.startsWith("bin/") && file.toFile().setExecutable(true);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Instance folder(String name) {
        try {
            Files.createDirectories(base.resolve(name));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Instance server(String yaml) {
        return file("conf/server.yml", yaml);
    }

    Instance environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    Path path(String name) {
        return base.resolve(name);
    }

    Directories directories() {
        return new Directories(base, base);
    }

    ServerConfig load() {
        return loader(UnsupportedKeys.CURRENT).load(base.resolve("conf/server.yml"));
    }

    /** Loads keys without behaviour, too. */
    ServerConfig loadEverything() {
        return loader(UnsupportedKeys.NONE).load(base.resolve("conf/server.yml"));
    }

    /** Root's accounts, of which etc/passwd and etc/group of the instance tell, on a machine with util-linux. */
    Accounts accounts() {
        return new Accounts(path("etc"), new Accounts.Self(0, 0, tools()), (database, key) -> Optional.empty());
    }

    ConfigLoader loader(UnsupportedKeys unsupported) {
        return new ConfigLoader(directories(), environment, unsupported, this::accounts, ForeignFormat.NONE);
    }

    private String tools() {
        for (String tool : List.of("setpriv", "prlimit")) {
            file("tools/" + tool, "");
            boolean unused = path("tools/" + tool).toFile().setExecutable(true);
        }
        return path("tools").toString();
    }

    /** The problems, one a line; empty when there are none. */
    String problems() {
        try {
            load();
            return "";
        } catch (ConfigException e) {
            return String.valueOf(e.getMessage());
        }
    }

    ContextConfig context(String path) {
        ContextConfig context = load().contexts().get(new ContextPath(path));
        if (context == null) {
            throw new AssertionError("no context at " + path);
        }
        return context;
    }
}
