package marina.config;

import java.time.Duration;

/** Reads {@code hsts} and {@code drain}: each a duration, or a mapping that says more. */
final class EdgeReader {
    private static final Duration DRAIN = Duration.ofSeconds(10);
    private static final Duration PRELOAD_LEAST = Duration.ofDays(365);

    private EdgeReader() {}

    static HstsConfig hsts(Section s) {
        if (!isMapping(s, "hsts")) {
            return new HstsConfig(s.value("hsts", EdgeReader::durationOrFalse, Duration.ZERO), false, false);
        }
        return s.section("hsts", below -> {
            HstsConfig hsts = new HstsConfig(
                    below.value("max_age", DurationText::parse, Duration.ZERO),
                    below.flag("include_subdomains", false),
                    below.flag("preload", false));
            if (!below.has("max_age")) {
                below.problem("max_age", "needs max_age, how long browsers use https only, e.g. max_age: 1y");
            }
            boolean listed = hsts.includeSubdomains() && hsts.maxAge().compareTo(PRELOAD_LEAST) >= 0;
            if (hsts.preload() && !listed) {
                below.problem(
                        "preload",
                        "is refused by the lists of browsers without include_subdomains: true and max_age: 1y");
            }
            return hsts;
        });
    }

    static DrainConfig drain(Section s) {
        if (!isMapping(s, "drain")) {
            return new DrainConfig(s.value("drain", DurationText::parse, DRAIN), Duration.ZERO);
        }
        return s.section(
                "drain",
                below -> new DrainConfig(
                        below.value("timeout", DurationText::parse, DRAIN),
                        below.value("notice", DurationText::parse, Duration.ZERO)));
    }

    private static boolean isMapping(Section s, String key) {
        return s.written(key).filter(Value.Mapping.class::isInstance).isPresent();
    }

    private static Duration durationOrFalse(String text) {
        return text.equals("false") ? Duration.ZERO : DurationText.parse(text);
    }
}
