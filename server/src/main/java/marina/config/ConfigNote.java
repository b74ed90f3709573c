package marina.config;

/**
 * Something about the configuration that keeps nobody from using it.
 *
 * @param kind how much it matters
 * @param finding where, and what; never holds a secret
 */
public record ConfigNote(Kind kind, ConfigProblem finding) implements Comparable<ConfigNote> {

    /** How much a note matters. */
    public enum Kind {
        /** Something written has no effect or not the one that was asked for; {@code check --strict} refuses it. */
        WARNING,
        /** An old name, which is read all the same. */
        DEPRECATED,
        /** Something works in another way than its author may expect. */
        NOTE
    }

    @Override
    public int compareTo(ConfigNote other) {
        int byFinding = finding.compareTo(other.finding);
        return byFinding != 0 ? byFinding : kind.compareTo(other.kind);
    }

    /** {@code navigator.yml:42:7: warning: server.hostname: …}. */
    @Override
    public String toString() {
        String key = finding.key().isEmpty() ? "" : finding.key() + ": ";
        String name = Texts.choiceName(kind);
        return finding.location() + ": " + name + ": " + key + finding.message();
    }
}
