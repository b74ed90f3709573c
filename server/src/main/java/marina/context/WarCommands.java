package marina.context;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import marina.backend.ProcessSettings;
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
    private static final String PORT = "${port}";

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
            "-XX:TieredStopAtLevel=1",
            "-Xshare:auto");

    ProcessSettings settings(ContextConfig config, Content.War war, ContextLogs logs) {
        return new ProcessSettings(
                config.path().value(),
                command(warSettings(config, war)),
                directories.base(),
                config.env(),
                config.hooks(),
                config.lifecycle(),
                logs.of(config.path()));
    }

    WarSettings warSettings(ContextConfig config, Content.War war) {
        Map<String, String> values = Map.of("port", "", "socket", "");
        return new WarSettings(
                config.path().value(),
                war.archive(),
                war.level(),
                expand(config.env(), values),
                war.database(),
                directories.base());
    }

    static Map<String, String> expand(Map<String, Template> env, Map<String, String> values) {
        Map<String, String> expanded = new TreeMap<>();
        env.forEach((name, template) -> expanded.put(name, template.expand(values)));
        return expanded;
    }

    private List<Template> command(WarSettings settings) {
        List<Template> command = new ArrayList<>();
        command.add(Template.literal(
                Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        JVM_OPTIONS.forEach(option -> command.add(Template.literal(option)));
        command.add(Template.literal("-cp"));
        command.add(Template.literal(directories.lib().resolve("marina.jar") + ":"
                + directories.lib().resolve("*")));
        command.add(Template.literal("marina.Main"));
        command.add(Template.literal("war"));
        WarProcess.arguments(settings, directories.home().toString(), PORT)
                .forEach(argument -> command.add(
                        argument.equals(PORT)
                                ? new Template(List.of("", ""), List.of("port"))
                                : Template.literal(argument)));
        return List.copyOf(command);
    }
}
