package marina.config;

import java.util.LinkedHashMap;
import java.util.Map;

/** Prints {@code auth}, {@code public}, {@code bots}, {@code compression} and {@code sendfile}. */
final class AccessDump {
    private final DumpText text;

    AccessDump(DumpText text) {
        this.text = text;
    }

    /** Writes who gets what. */
    void put(Map<String, Object> target, AccessConfig access) {
        if (!access.auth().enabled()) {
            target.put("auth", false);
        } else {
            target.put("auth", new AuthDump(text).auth(access.auth()));
        }
        if (access.publicFiles().enabled()) {
            target.put("public", files(access.publicFiles()));
        }
        target.put("bots", Texts.choiceName(access.bots()));
        target.put("compression", access.delivery().compression());
        if (!access.delivery().headers().equals(HeadersConfig.NONE)) {
            target.put("headers", HeaderReader.dump(access.delivery().headers()));
        }
        if (access.delivery().hasSendfile()) {
            target.put("sendfile", Map.of("root", text.path(access.delivery().sendfile())));
        }
    }

    Object files(PublicConfig files) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("directory", text.path(files.directory()));
        if (!files.prefix().isEmpty()) {
            result.put("prefix", DumpText.text(files.prefix()));
        }
        result.put("extensions", DumpText.sorted(files.extensions()));
        result.put("try_files", files.tryFiles().stream().map(DumpText::text).toList());
        result.put("trailing_slash", files.trailingSlash());
        Map<String, Object> cache = new LinkedHashMap<>();
        files.cache()
                .forEach(rule -> cache.put(
                        rule.prefix().isEmpty() ? "default" : rule.prefix(),
                        DurationText.format(rule.maxAge()) + (rule.immutable() ? " immutable" : "")));
        result.put("cache", cache);
        return result;
    }
}
