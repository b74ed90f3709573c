package marina.navigator;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import marina.config.ConfigDump;
import marina.config.ConfigException;
import marina.config.ConfigLoader;
import marina.config.ConfigNote;
import marina.config.Directories;
import marina.config.ServerConfig;
import marina.testing.MarinaUnderTest;

/** A folder of an application with a config/navigator.yml in it. */
final class NavigatorBed {
    static final String FILE = "config/navigator.yml";

    /** What makes tenants of framework {@code node} of tenant.js. */
    static final String NODE =
            """
              runtime: { node: node }
              server: { node: %s }
              args: { node: ["{{port}}"] }
              health_check: /up
            """
                    .formatted(Path.of("src/test/resources/apps/tenant.js").toAbsolutePath());

    private static final Map<String, String> FLY =
            Map.of("FLY_APP_NAME", "smooth", "FLY_REGION", "iad", "FLY_MACHINE_ID", "m1");

    private final Path base;
    private final List<ConfigNote> notes = new ArrayList<>();

    NavigatorBed(Path base) {
        this.base = base;
    }

    Path base() {
        return base;
    }

    NavigatorBed file(String name, String text) {
        MarinaUnderTest.write(base, name, text);
        return this;
    }

    NavigatorBed program(String name, String text) {
        file(name, "#!/bin/sh\n" + text);
        boolean unused = base.resolve(name).toFile().setExecutable(true);
        return this;
    }

    /** Users sam and sally, whose password is "test". */
    NavigatorBed passwords() {
        return file(
                "config/htpasswd", "sam:{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=\nsally:{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=\n");
    }

    /** Writes the file that a server is started with; it has to say {@code listen: LISTEN}. */
    NavigatorBed navigator(String yaml) {
        return file(FILE, yaml.replace("LISTEN", "\"127.0.0.1:0\""));
    }

    MarinaUnderTest start() {
        return MarinaUnderTest.startFile(base, FILE, Map.of());
    }

    /** Starts one of a fleet's machines. */
    MarinaUnderTest startOnFly() {
        return MarinaUnderTest.startFile(base, FILE, FLY);
    }

    static Map<String, String> fly() {
        return FLY;
    }

    ServerConfig load() {
        notes.clear();
        return loader(base).load(base.resolve(FILE), notes::add);
    }

    /** All problems, one a line; empty for none. */
    String problems() {
        try {
            load();
            return "";
        } catch (ConfigException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** What the last load had to say. */
    List<String> notes() {
        return notes.stream().map(ConfigNote::toString).toList();
    }

    /** The same in Marina's own form, for an instance in another folder. */
    String converted(Path elsewhere) {
        List<ConfigNote> said = new ArrayList<>();
        return NativeText.of(loader(elsewhere).nativeForm(base.resolve(FILE), said::add), said);
    }

    /** A file of the instance as Marina understands it. */
    String dump(String file) {
        return new ConfigDump(new Directories(base, base)).dump(loader(base).load(base.resolve(file)));
    }

    private static ConfigLoader loader(Path folder) {
        Directories directories = new Directories(folder, folder);
        Map<String, String> environment = Map.of("BASE", folder.toString());
        return new ConfigLoader(directories, environment, new NavigatorFormat(directories, environment));
    }
}
