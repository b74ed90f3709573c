package marina.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads what answers in a context: exactly one of {@code war}, {@code command}, {@code upstream}, {@code files}, {@code cgi}. */
final class ContentReader {
    static final List<String> KINDS = List.of("war", "command", "upstream", "files", "cgi");

    private final Section section;
    private final PathText base;
    private final PathText webapps;
    private final SessionPlace sessions;

    ContentReader(Section section) {
        this.section = section;
        base = section.reading().paths();
        webapps = new PathText(
                section.reading().directories().webapps(), section.reading().outside());
        sessions = section.value("sessions", Texts.choice(SessionPlace.class), SessionPlace.FILE);
    }

    /** Where the sessions of a WAR are kept. */
    SessionPlace sessions() {
        return sessions;
    }

    /** The kind that is written; empty, with a problem, when it is not exactly one. */
    Optional<String> kind() {
        List<String> written = new ArrayList<>();
        for (String kind : KINDS) {
            if (section.has(kind)) {
                written.add(kind);
            }
        }
        if (written.isEmpty() && section.scope().isComplete()) {
            section.reading()
                    .problem(
                            section.mapping(),
                            "does not say what answers; write one of war, command, upstream, files, cgi, or an app");
        }
        if (written.size() > 1) {
            section.problem(
                    written.get(1),
                    "stands beside " + written.get(0)
                            + "; a context is only one of war, command, upstream, files and cgi");
            return Optional.empty();
        }
        return written.stream().findFirst();
    }

    /**
     * Reads the content, and checks what is written of the other kinds.
     *
     * @param database of a WAR
     * @param web of a WAR
     * @param late the names that a command may use
     * @param known whether users must show a password
     */
    Optional<Content> read(String kind, DatabaseConfig database, WebConfig web, Set<String> late, boolean known) {
        Isolation isolation = section.value("isolation", Texts.choice(Isolation.class), Isolation.NONE);
        EeLevel level = section.value("ee", ContentReader::level, EeLevel.AUTO);
        boolean shared = section.flag("shared_classes", false) && isolation == Isolation.NONE;
        Path directory = section.value("directory", base::directory, base.root());
        boolean strip = section.flag("strip_path", false);
        Optional<Content> war = section.value("war", webapps::archive)
                .map(archive -> new Content.War(
                        archive,
                        section.reading().stamp(archive),
                        isolation,
                        level,
                        database,
                        sessions,
                        web,
                        shared,
                        ""));
        List<Template> words = section.command("command", late);
        Release release = Release.of(directory, section.reading());
        Optional<Content> command = words.isEmpty()
                ? Optional.empty()
                : Optional.of(new Content.Command(words, section.quote("command"), directory, strip, release));
        Optional<Content> upstream = UpstreamReader.read(section);
        Optional<Content> files = files();
        Optional<Content> cgi = CgiReader.read(section, known).map(Content.class::cast);
        return switch (kind) {
            case "war" -> war;
            case "command" -> command;
            case "upstream" -> upstream;
            case "files" -> files;
            default -> cgi;
        };
    }

    /** {@code files: folder}, or a mapping. */
    private Optional<Content> files() {
        if (section.written("files").filter(Value.Mapping.class::isInstance).isPresent()) {
            return section.section(
                    "files", files -> Optional.of(new Content.Files(AccessReader.files(files, PublicConfig.INDEX))));
        }
        return section.value("files", base::directory).map(PublicConfig::site).map(Content.Files::new);
    }

    private static EeLevel level(String text) {
        List<String> levels = List.of("8", "9", "10", "11", "auto");
        if (!levels.contains(text)) {
            throw Texts.notOneOf(levels, text);
        }
        return text.equals("auto") ? EeLevel.AUTO : EeLevel.valueOf("EE" + text);
    }
}
