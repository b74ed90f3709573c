package marina.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads {@code cgi} of contexts and of routes: the path of a script, or a mapping. */
final class CgiReader {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int MOST_CONCURRENT = 1_000;
    private static final int CONCURRENT = 10;

    private CgiReader() {}

    /**
     * Reads; empty when there is none, or no right one.
     *
     * @param known whether users must show a password: only then anybody can be told from another
     */
    static Optional<Content.Cgi> read(Section s, boolean known) {
        PathText paths = s.reading().paths();
        if (!s.has("cgi")) {
            return Optional.empty();
        }
        if (s.written("cgi").filter(Value.Scalar.class::isInstance).isPresent()) {
            return s.value("cgi", paths::program)
                    .map(script -> new Content.Cgi(
                            script,
                            folder(script, paths),
                            Map.of(),
                            List.of(),
                            TIMEOUT,
                            CONCURRENT,
                            "",
                            ProcessConfig.DEFAULT));
        }
        return s.section("cgi", cgi -> mapping(cgi, paths, known));
    }

    private static Optional<Content.Cgi> mapping(Section s, PathText paths, boolean known) {
        if (!s.has("script")) {
            s.problem("script", "needs script, the path of a program");
        }
        Optional<Path> script = s.value("script", paths::program);
        Optional<Path> directory = s.value("directory", paths::directory);
        Map<String, Template> env = ContextReader.env(s, Set.of());
        List<String> users = s.list("allowed_users", Texts::notEmpty);
        if (!users.isEmpty() && !known && s.scope().isComplete()) {
            s.problem("allowed_users", "means nobody, because nobody is asked for a password; write auth, too");
        }
        Duration timeout = s.value("timeout", DurationText::parse, TIMEOUT);
        int concurrent = s.number("max_concurrent", 1, MOST_CONCURRENT, CONCURRENT);
        String reload = s.text("reload_config", "");
        ProcessConfig process = ProcessReader.account(s);
        return script.map(file -> new Content.Cgi(
                file,
                directory.orElseGet(() -> folder(file, paths)),
                env,
                users,
                timeout,
                concurrent,
                reload,
                process));
    }

    private static Path folder(Path script, PathText paths) {
        Path parent = script.getParent();
        return parent == null ? paths.root() : parent;
    }
}
