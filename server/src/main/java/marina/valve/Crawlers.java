package marina.valve;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import marina.config.Regex;
import org.jspecify.annotations.Nullable;

/**
 * Tells crawlers by their User-Agent, with the list that the project crawler-user-agents keeps. There are few different
 * agents among many requests, so each is looked up once. Thread-safe.
 */
final class Crawlers {
    private static final String LIST = "crawlers.txt";
    private static final int MOST_REMEMBERED = 10_000;

    /** Longer than any browser's; what is behind it is not looked at. */
    private static final int LONGEST_AGENT = 512;

    private final Cache<String, Boolean> verdicts =
            Caffeine.newBuilder().maximumSize(MOST_REMEMBERED).build();

    /** The list; read when the first agent is asked for, because most servers never ask. */
    private static final class Known {
        static final List<String> LITERALS;
        static final List<Regex> PATTERNS;

        static {
            try (InputStream list = Objects.requireNonNull(Crawlers.class.getResourceAsStream(LIST), LIST)) {
                Map<Boolean, List<String>> lines = new String(list.readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                        .collect(Collectors.partitioningBy(Crawlers::isLiteral));
                // Most are plain words, and looking for a word is many times faster than asking a pattern.
                LITERALS = lines.getOrDefault(true, List.of());
                PATTERNS = lines.getOrDefault(false, List.of()).stream()
                        .map(Regex::compile)
                        .toList();
            } catch (IOException e) {
                throw new UncheckedIOException("the list of crawlers is damaged", e);
            }
        }
    }

    /** Whether this is the User-Agent of a crawler; who sends none is not known to be one. */
    boolean include(@Nullable String userAgent) {
        if (userAgent == null) {
            return false;
        }
        String agent = userAgent.length() > LONGEST_AGENT ? userAgent.substring(0, LONGEST_AGENT) : userAgent;
        return verdicts.get(agent, this::find);
    }

    private boolean find(String agent) {
        return Known.LITERALS.stream().anyMatch(agent::contains)
                || Known.PATTERNS.stream().anyMatch(pattern -> pattern.find(agent));
    }

    private static boolean isLiteral(String pattern) {
        return pattern.chars().noneMatch(c -> "\\.^$|?*+()[]{}".indexOf(c) >= 0);
    }
}
