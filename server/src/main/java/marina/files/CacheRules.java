package marina.files;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;

/** Cache-Control by path: the longest prefix wins. Immutable. */
public final class CacheRules {
    private static final Entry DEFAULT = Entry.of(Rule.DEFAULT);

    private final List<Entry> entries; // longest prefix first

    /**
     * How long what lies below a prefix stays fresh.
     *
     * @param prefix of the path; empty for all
     * @param maxAge zero means that caches ask each time
     * @param immutable whether a reload need not ask either
     */
    public record Rule(String prefix, Duration maxAge, boolean immutable) {
        /** Caches may keep a copy and ask before each use: a changed file shows at once. */
        public static final Rule DEFAULT = new Rule("", Duration.ZERO, false);

        /** The order in which rules are asked: the longest prefix first. */
        public static List<Rule> inOrder(List<Rule> rules) {
            return rules.stream()
                    .sorted(Comparator.comparingInt((Rule rule) -> rule.prefix().length())
                            .reversed())
                    .toList();
        }

        /**
         * The value of Cache-Control.
         *
         * @param shared whether caches that serve many users may keep it
         */
        public String field(boolean shared) {
            long seconds = maxAge.toSeconds();
            String age = "max-age=" + seconds + (immutable ? ", immutable" : seconds == 0 ? ", must-revalidate" : "");
            return (shared ? "public, " : "private, ") + age;
        }
    }

    /** Rules in any order; where none applies, caches ask each time. */
    public CacheRules(List<Rule> rules) {
        entries = Rule.inOrder(rules).stream().map(Entry::of).toList();
    }

    /**
     * The field for a path that has two names: as the client wrote it, and within its site.
     *
     * @param shared whether caches that serve many users may keep it
     */
    HttpField field(String path, String withinSite, boolean shared) {
        for (Entry entry : entries) {
            if (path.startsWith(entry.prefix) || withinSite.startsWith(entry.prefix)) {
                return shared ? entry.shared : entry.personal;
            }
        }
        return shared ? DEFAULT.shared : DEFAULT.personal;
    }

    private record Entry(String prefix, HttpField shared, HttpField personal) {
        static Entry of(Rule rule) {
            return new Entry(
                    rule.prefix(),
                    new PreEncodedHttpField(HttpHeader.CACHE_CONTROL, rule.field(true)),
                    new PreEncodedHttpField(HttpHeader.CACHE_CONTROL, rule.field(false)));
        }
    }
}
