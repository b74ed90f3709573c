package marina.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads {@code auth}, {@code public}, {@code bots} and {@code headers}, which the server and each context have. */
final class AccessReader {
    private static final String IMMUTABLE = " immutable";

    private AccessReader() {}

    /**
     * Reads; what is not written is as in {@code inherited}, but for the public files of the server, which are answered
     * before any context, and its headers, which are set around all contexts.
     *
     * @param prefix the path to which it applies
     */
    static AccessConfig read(Section s, AccessConfig inherited, ContextPath prefix) {
        return new AccessConfig(
                AuthReader.read(s, inherited.auth(), prefix),
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
        PathText paths = s.reading().paths();
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

    /**
     * Reads a folder with files.
     *
     * @param tryFiles where nothing is written
     */
    static PublicConfig files(Section s, List<String> tryFiles) {
        PathText paths = s.reading().paths();
        if (!s.has("directory")) {
            s.problem("directory", "needs directory, the folder with the files");
        }
        return new PublicConfig(
                s.value("directory", paths::directory, Path.of("")),
                s.value("prefix", text -> Texts.contextPath(text).value(), ""),
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
