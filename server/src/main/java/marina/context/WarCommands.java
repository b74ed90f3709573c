package marina.context;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import marina.backend.ProcessEnvironment;
import marina.config.Content;
import marina.config.ContextConfig;
import marina.config.Directories;
import marina.config.Template;
import marina.webapp.WarProcess;
import marina.webapp.WarSettings;

/**
 * The command line of a JVM that runs one WAR: with {@code isolation: process} a WAR is a command context whose command
 * Marina writes itself.
 */
record WarCommands(Directories directories) {
    private static final String LISTEN = "${listen}";

    /** Inside this JVM an application has neither port nor socket. */
    private static final Map<String, String> NO_ADDRESS = Map.of("port", "", "socket", "");

    /** Small and quick to start: one such JVM runs for each context in use. JAVA_TOOL_OPTIONS in env adds to these. */
    private static final List<String> JVM_OPTIONS = List.of(
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
            "--add-opens=java.base/java.io=ALL-UNNAMED",
            "--add-opens=java.base/java.util=ALL-UNNAMED",
            "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
            "--add-opens=java.rmi/sun.rmi.transport=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED",
            "-Djava.awt.headless=true",
            "-XX:+UseSerialGC",
            "-Xms16m",
            "-XX:TieredStopAtLevel=1",
            "-Xshare:auto");

    WarSettings warSettings(ContextConfig config, Content.War war) {
        return new WarSettings(
                config.path().value(),
                war.archive(),
                war.level(),
                variables(config),
                war.database(),
                war.sessions(),
                directories.base(),
                war.version());
    }

    /** What the hooks of a WAR inside this JVM find in their environment: what the hooks of a process find there. */
    static Map<String, String> hookEnvironment(ContextConfig config) {
        return ProcessEnvironment.with(variables(config));
    }

    private static Map<String, String> variables(ContextConfig config) {
        Map<String, String> expanded = new TreeMap<>();
        config.env().forEach((name, template) -> expanded.put(name, template.expand(NO_ADDRESS)));
        return expanded;
    }

    /** Program and arguments. */
    List<Template> command(ContextConfig config, Content.War war) {
        WarSettings settings = warSettings(config, war);
        List<Template> command = new ArrayList<>();
        command.add(Template.literal(
                Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        JVM_OPTIONS.forEach(option -> command.add(Template.literal(option)));
        if (config.process().memoryLimit() > 0) {
            // Half for the heap, unless JAVA_TOOL_OPTIONS says -Xmx: what a JVM needs besides is about as much again.
            command.add(Template.literal("-XX:MaxRAM=" + config.process().memoryLimit()));
            command.add(Template.literal("-XX:MaxRAMPercentage=50"));
        }
        command.add(Template.literal("-cp"));
        // The classes that this JVM runs with, wherever they lie.
        command.add(Template.literal(System.getProperty("java.class.path")));
        command.add(Template.literal("marina.Main"));
        command.add(Template.literal("war"));
        String listen = config.process().socket() ? "socket" : "port";
        WarProcess.arguments(settings, directories.home().toString(), LISTEN)
                .forEach(argument -> command.add(
                        argument.equals(LISTEN)
                                ? new Template(List.of("", ""), List.of(listen))
                                : Template.literal(argument)));
        return List.copyOf(command);
    }
}
