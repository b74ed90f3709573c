package marina.valve;

import java.util.List;
import java.util.function.Predicate;
import marina.config.PathRule;

/** What needs no password. Thread-safe. */
final class PublicPaths {
    private final List<PathRule> rules;
    private final PrefixIndex index;
    private final Predicate<String> isPublicFile;

    /**
     * The paths of some rules.
     *
     * @param isPublicFile whether a path is answered by a public file: only those are exempt by their extension
     */
    PublicPaths(List<PathRule> rules, Predicate<String> isPublicFile) {
        this.rules = rules;
        this.index = new PrefixIndex(rules.stream().map(PathRule::regex).toList());
        this.isPublicFile = isPublicFile;
    }

    boolean include(String path) {
        for (int number : index.candidates(path)) {
            PathRule rule = rules.get(number);
            if (rule.regex().find(path) && (rule.form() != PathRule.Form.EXTENSION || isPublicFile.test(path))) {
                return true;
            }
        }
        return false;
    }
}
