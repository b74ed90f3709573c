package marina.context;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import marina.backend.ProcessEnvironment;
import marina.config.Content;
import marina.config.ContextConfig;
import marina.config.Directories;
import marina.config.EeLevel;
import marina.config.Template;
import marina.webapp.WarFailedException;
import marina.webapp.WarHost;
import marina.webapp.WarProcess;
import marina.webapp.WarSettings;

/**
 * The command line of a JVM that runs one WAR: with {@code isolation: process} a WAR is a command context whose command
 * Marina writes itself.
 */
record WarCommands(Directories directories, WarHost wars, ClassArchives archives) {
    /** The classes that this JVM runs with, wherever they lie. */
    static final String CLASS_PATH = System.getProperty("java.class.path", "");

    private static final List<String> PROGRAM = List.of("-cp", CLASS_PATH, "marina.Main", "war");
    private static final String JAVA_OPTS = "JAVA_OPTS";
    private static final List<String> JVM_VARIABLES =
            List.of(JAVA_OPTS, "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");
    private static final long KILO = 1024;
    private static final long LEAST_HEAP = 16 * KILO;
    private static final long BESIDES_HEAP = 160 * KILO * KILO;
    private static final String LISTEN = "${listen}";

    /** Inside this JVM an application has neither port nor socket. */
    private static final Map<String, String> NO_ADDRESS = Map.of("port", "", "socket", "");

    /** Small and quick to start: one such JVM runs for each context in use. JAVA_OPTS in env adds to these. */
    private static final List<String> JVM_OPTIONS = List.of(
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
            "--add-opens=java.base/java.io=ALL-UNNAMED",
            "--add-opens=java.base/java.util=ALL-UNNAMED",
            "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
            "--add-opens=java.rmi/sun.rmi.transport=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED",
            "-Djava.awt.headless=true",
            "-Dfile.encoding=UTF-8",
            "-XX:+UseSerialGC",
            "-Xms16m",
            // A JVM without memory is of no use to anybody; Marina starts the next one.
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:TieredStopAtLevel=1",
            "-Xshare:auto",
            // An archive of classes that does not fit is none, and that is all.
            "-Xlog:cds=off",
            "-Xlog:cds+dynamic=off");

    WarSettings warSettings(ContextConfig config, Content.War war) {
        return new WarSettings(
                config.path().value(),
                war.archive(),
                war.level(),
                variables(config),
                war.database(),
                war.sessions(),
                war.web(),
                war.sharedClasses(),
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

    /** The same context with what the process of its WAR needs besides in its environment. */
    ContextConfig withEnvironment(ContextConfig config, Content.War war) {
        Map<String, Template> env = new TreeMap<>(config.env());
        WarProcess.environment(warSettings(config, war))
                .forEach((name, value) -> env.put(name, Template.literal(value)));
        return config.with(env);
    }

    /** Program and arguments, for a start now. May block: a WAR whose level nobody knows is looked into. */
    List<Template> command(ContextConfig config, Content.War war) {
        EeLevel level = levelOf(config, war);
        List<String> command = jvm();
        heap(config).ifPresent(command::addAll);
        archives.of(level).ifPresent(file -> command.add("-XX:SharedArchiveFile=" + file));
        // As in Tomcat; what is said last wins.
        String own = variables(config).getOrDefault(JAVA_OPTS, "").strip();
        command.addAll(own.isEmpty() ? List.of() : List.of(own.split("\\s+")));
        command.addAll(PROGRAM);
        WarSettings settings = warSettings(config, war).with(level);
        String listen = config.process().socket() ? "socket" : "port";
        List<Template> words = new ArrayList<>();
        command.forEach(word -> words.add(Template.literal(word)));
        WarProcess.arguments(settings, directories.home().toString(), LISTEN)
                .forEach(argument -> words.add(
                        argument.equals(LISTEN)
                                ? new Template(List.of("", ""), List.of(listen))
                                : Template.literal(argument)));
        return List.copyOf(words);
    }

    /** One has become ready: the next start of that level is to be quicker. */
    void started(ContextConfig config, Content.War war) {
        archives.want(levelOf(config, war), (level, base, app, archive) -> {
            List<String> command = jvm();
            command.add("-XX:ArchiveClassesAtExit=" + archive);
            command.addAll(PROGRAM);
            command.addAll(WarProcess.rehearsal(
                    level, base, app, directories.home().toAbsolutePath().toString()));
            return command;
        });
    }

    private static List<String> jvm() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM_OPTIONS);
        return command;
    }

    /** The level, as far as Marina can tell: what another account unpacks is none of its business. */
    private EeLevel levelOf(ContextConfig config, Content.War war) {
        if (config.process().account().switches()) {
            return war.level();
        }
        try {
            return wars.levelOf(war);
        } catch (WarFailedException e) {
            return war.level(); // the process will find the same, and say so
        }
    }

    /** What a limit leaves for the heap: half of a small one, for a JVM needs up to 160 MB besides, at most three quarters. */
    private static Optional<List<String>> heap(ContextConfig config) {
        long limit = config.process().memoryLimit();
        boolean own = JVM_VARIABLES.stream()
                .map(name -> variables(config).getOrDefault(name, ""))
                .anyMatch(text -> text.contains("-Xmx") || text.contains("MaxRAMPercentage"));
        if (limit == 0 || own) {
            return Optional.empty();
        }
        long heap = Math.min(limit / 4 * 3, Math.max(limit / 2, limit - BESIDES_HEAP)) / KILO;
        return Optional.of(List.of("-Xms" + Math.min(heap, LEAST_HEAP) + "k", "-Xmx" + Math.max(heap, 2 * KILO) + "k"));
    }
}
