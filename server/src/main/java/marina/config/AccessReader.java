package marina.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Reads {@code auth}, {@code public}, {@code bots} and {@code headers}, which the server and each context have. */
final class AccessReader {
    private static final String IMMUTABLE = " immutable";

    private AccessReader() {}

    /**
     * Reads; what is not written is as in {@code inherited}, but for the public files of the server, which are answered
     * before any context, and its headers, which are set around all contexts.
     */
    static AccessConfig read(Section s, AccessConfig inherited) {
        return new AccessConfig(
                auth(s, inherited.auth()),
                s.has("public") ? s.section("public", files -> files(files, List.of())) : PublicConfig.NONE,
                s.value("bots", Texts.choice(Bots.class), inherited.bots()),
                new DeliveryConfig(
                        s.flag("compression", inherited.delivery().compression()),
                        inherited.delivery().sendfile(),
                        HeaderReader.read(s)));
    }

    /** Reads what only contexts with a backend have. */
    static AccessConfig withSendfile(Section s, AccessConfig access) {
        if (!s.has("sendfile")) {
            return access;
        }
        PathText paths = new PathText(s.reading().directories().base());
        Path root = s.section("sendfile", section -> {
            if (!section.has("root")) {
                section.problem("root", "needs root, the folder with the files that the backend may name");
            }
            return section.value("root", paths::directory, Path.of(""));
        });
        return access.with(new DeliveryConfig(
                access.delivery().compression(), root, access.delivery().headers()));
    }

    /** What is left where nothing is forwarded; defaults may be meant for others. */
    static AccessConfig withoutRequestHeaders(AccessConfig access) {
        DeliveryConfig delivery = access.delivery();
        return access.with(new DeliveryConfig(
                delivery.compression(), delivery.sendfile(), delivery.headers().ofResponse()));
    }

    private static AuthConfig auth(Section s, AuthConfig inherited) {
        boolean isText =
                s.written("auth").filter(Value.Scalar.class::isInstance).isPresent();
        if (!isText) {
            return s.has("auth") ? s.section("auth", AccessReader::auth) : inherited;
        }
        s.value("auth", text -> {
            if (Texts.flag(text)) {
                throw BadText.of("does not say who may enter; write e.g. auth: { htpasswd: conf/htpasswd }, or false");
            }
            return false;
        });
        return AuthConfig.OFF;
    }

    private static AuthConfig auth(Section s) {
        PathText paths = new PathText(s.reading().directories().base());
        if (!s.has("htpasswd")) {
            s.problem("htpasswd", "needs htpasswd, the path of a file with users and hashed passwords");
        }
        return new AuthConfig(
                true,
                s.text("realm", "Restricted"),
                s.value("htpasswd", text -> passwords(paths.file(text)), Path.of("")),
                s.list("public", PathRule::parse));
    }

    /** Without a user the door would be shut for good, which nobody means. */
    private static Path passwords(Path file) {
        try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
            if (lines.map(String::strip).noneMatch(line -> !line.startsWith("#") && line.indexOf(':') > 0)) {
                throw BadText.of("holds no user; write one with htpasswd -B");
            }
            return file;
        } catch (IOException | UncheckedIOException e) {
            throw BadText.of("cannot be read; give Marina the right to read it");
        }
    }

    /**
     * Reads a folder with files.
     *
     * @param tryFiles where nothing is written
     */
    static PublicConfig files(Section s, List<String> tryFiles) {
        PathText paths = new PathText(s.reading().directories().base());
        if (!s.has("directory")) {
            s.problem("directory", "needs directory, the folder with the files");
        }
        return new PublicConfig(
                s.value("directory", paths::directory, Path.of("")),
                Set.copyOf(s.list("extensions", AccessReader::extension)),
                s.has("try_files") ? s.list("try_files", Texts::notEmpty) : tryFiles,
                s.flag("trailing_slash", true),
                cache(s));
    }

    private static String extension(String text) {
        if (!text.matches("[A-Za-z0-9_+-]+(\\.[A-Za-z0-9_+-]+)*")) {
            throw BadText.of("is no extension; write it without the dot, e.g. html");
        }
        return text;
    }

    private static List<CacheRule> cache(Section s) {
        List<CacheRule> rules = new ArrayList<>();
        Map<String, Value.Entry> entries = s.entries("cache");
        entries.forEach((name, entry) -> {
            String prefix = name.equals("default") ? "" : name;
            if (!prefix.isEmpty() && !prefix.startsWith("/")) {
                s.reading().problem(entry.value(), "applies to no path; write default or a prefix such as /assets/");
            }
            s.parse(entry.value(), text -> cacheRule(prefix, text)).ifPresent(rules::add);
        });
        return rules;
    }

    private static CacheRule cacheRule(String prefix, String text) {
        boolean immutable = text.endsWith(IMMUTABLE);
        Duration age = DurationText.parse(immutable ? text.substring(0, text.length() - IMMUTABLE.length()) : text);
        return new CacheRule(prefix, age, immutable);
    }
}
