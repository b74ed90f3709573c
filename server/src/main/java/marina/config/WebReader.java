package marina.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads what a WAR is told besides its own web.xml. */
final class WebReader {
    private static final String DEFAULTS = "web.xml";

    private final AccessConfig serverAccess;
    private final ErrorPages serverPages;
    private final UsersConfig defaultUsers;
    private final Path defaults;
    private final FileStamp defaultsStamp;

    /**
     * A reader for all contexts of a server.
     *
     * @param serverAccess whose users are those of a WAR that has none of its own
     * @param serverPages shown where neither the WAR nor its context has a page
     */
    WebReader(Reading reading, AccessConfig serverAccess, ErrorPages serverPages) {
        this.serverAccess = serverAccess;
        this.serverPages = serverPages;
        Path users = reading.directories().conf().resolve(UsersFile.DEFAULT);
        defaultUsers = Files.isRegularFile(users) ? UsersConfig.of(users) : UsersConfig.NONE;
        if (!defaultUsers.isEmpty()) {
            UsersFile.read(users, reading);
        }
        Path file = reading.directories().conf().resolve(DEFAULTS);
        boolean written = Files.isRegularFile(file);
        defaults = written ? file : Path.of("");
        defaultsStamp = written ? FileStamp.of(file) : new FileStamp(0, 0);
        if (written) {
            WebXmlCheck.check(file, reading);
        }
    }

    /**
     * Reads those of a context.
     *
     * @param access of the context
     * @param pages of the context
     */
    WebConfig read(Section s, AccessConfig access, PagesConfig pages) {
        return new WebConfig(
                users(access),
                defaults,
                defaultsStamp,
                s.value("listings", Texts::flag),
                s.value("session_timeout", DurationText::parse),
                s.list("welcome_files", WebReader::welcomeFile),
                texts(s, "parameters"),
                mime(s),
                s.has("jars_to_skip") ? s.list("jars_to_skip", WebReader::jars) : KnownJars.NAMES,
                s.value("max_form", SizeText::parse, WebConfig.USUAL_FORM),
                pages.errorPages().over(serverPages));
    }

    /** Those of the context's own rules, else of the server's, else of conf/users.yml. */
    private UsersConfig users(AccessConfig access) {
        UsersConfig own = access.auth().users();
        UsersConfig above = own.isEmpty() ? serverAccess.auth().users() : own;
        return above.isEmpty() ? defaultUsers : above;
    }

    private static Map<String, String> texts(Section s, String key) {
        Map<String, String> texts = new LinkedHashMap<>();
        s.entries(key).forEach((name, entry) -> s.parse(entry.value(), text -> text)
                .ifPresent(text -> texts.put(name, text)));
        return texts;
    }

    private static Map<String, String> mime(Section s) {
        Map<String, String> types = new LinkedHashMap<>();
        s.entries("mime").forEach((extension, entry) -> {
            if (!extension.matches("[A-Za-z0-9_+-]+")) {
                s.reading()
                        .problem(
                                entry.location(),
                                entry.value().key(),
                                "is no extension; write it without the dot, e.g. webp: image/webp");
            }
            s.parse(entry.value(), WebReader::type).ifPresent(type -> types.put(extension, type));
        });
        return types;
    }

    private static String type(String text) {
        if (!text.matches("[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+(\\s*;\\s*[A-Za-z0-9=_.\"-]+)*")) {
            throw BadText.of("is no type of content; write e.g. image/webp");
        }
        return text;
    }

    private static String welcomeFile(String text) {
        if (text.isBlank() || text.startsWith("/") || text.contains("..")) {
            throw BadText.of("is no file of a folder; write e.g. index.html, without a slash before it");
        }
        return text;
    }

    private static String jars(String text) {
        if (!text.matches("[A-Za-z0-9_.*?+-]+")) {
            throw BadText.of("is no name of a jar; write e.g. \"commons-*.jar\", without folders");
        }
        return text;
    }

    /** Prints what is written. */
    static void put(Map<String, Object> target, WebConfig web) {
        web.listings().ifPresent(listings -> target.put("listings", listings));
        web.sessionTimeout().ifPresent(timeout -> target.put("session_timeout", DurationText.format(timeout)));
        if (!web.welcomeFiles().isEmpty()) {
            target.put(
                    "welcome_files",
                    web.welcomeFiles().stream().map(DumpText::text).toList());
        }
        if (!web.parameters().isEmpty()) {
            target.put("parameters", DumpText.parameters(web.parameters()));
        }
        if (!web.mime().isEmpty()) {
            target.put("mime", new LinkedHashMap<>(web.mime()));
        }
        if (web.maxForm() != WebConfig.USUAL_FORM) {
            target.put("max_form", SizeText.format(web.maxForm()));
        }
        if (!web.jarsToSkip().equals(KnownJars.NAMES)) {
            target.put(
                    "jars_to_skip",
                    web.jarsToSkip().stream().map(DumpText::text).toList());
        }
    }
}
