package marina.valve;

import java.util.List;
import marina.config.AuthConfig.RealmRule;
import org.jspecify.annotations.Nullable;

/** The realms that some paths have of their own. Immutable. */
final class Realms {
    private final List<RealmRule> rules;
    private final PrefixIndex index;

    Realms(List<RealmRule> rules) {
        this.rules = rules;
        this.index =
                new PrefixIndex(rules.stream().map(rule -> rule.paths().regex()).toList());
    }

    /** The realm of a canonical path, by the first rule that fits; null where it has none of its own. */
    @Nullable
    String of(String path) {
        for (int number : index.candidates(path)) {
            RealmRule rule = rules.get(number);
            if (rule.paths().regex().find(path)) {
                return rule.realm();
            }
        }
        return null;
    }
}
