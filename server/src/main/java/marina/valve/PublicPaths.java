package marina.valve;

import java.util.List;
import java.util.function.Predicate;
import marina.config.PathRule;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Request;

/** What needs no password. Thread-safe. */
final class PublicPaths {
    private final List<PathRule> rules;
    private final PrefixIndex index;
    private final Predicate<String> isPublicFile;
    private final Realms realms;

    /**
     * The paths of some rules.
     *
     * @param realms what belongs to one of these is not open
     * @param isPublicFile whether a path is answered by a public file: only those are exempt by their extension
     */
    PublicPaths(List<PathRule> rules, Realms realms, Predicate<String> isPublicFile) {
        this.realms = realms;
        this.rules = rules;
        this.index = new PrefixIndex(rules.stream().map(PathRule::regex).toList());
        this.isPublicFile = isPublicFile;
    }

    /** What of a request is open to everybody. */
    enum Opening {
        NOTHING,
        /** The file that GET of its path is answered with, and nothing else. */
        FILE,
        EVERYTHING
    }

    Opening of(Request request) {
        String path = Request.getPathInContext(request);
        Opening found = Opening.NOTHING;
        if (realms.of(path) != null) {
            return found;
        }
        for (int number : index.candidates(path)) {
            PathRule rule = rules.get(number);
            if (!rule.regex().find(path)) {
                continue;
            }
            if (rule.form() != PathRule.Form.EXTENSION) {
                return Opening.EVERYTHING;
            }
            if (found == Opening.NOTHING && asksForFile(request) && isPublicFile.test(path)) {
                found = Opening.FILE;
            }
        }
        return found;
    }

    private static boolean asksForFile(Request request) {
        return HttpMethod.GET.is(request.getMethod()) || HttpMethod.HEAD.is(request.getMethod());
    }
}
