package marina.config;

/**
 * One thing that is wrong with the configuration.
 *
 * @param location where
 * @param key the key's full name, for example {@code contexts./sam/list1.idle_timeout}; empty when no key is meant
 * @param message what was found, what was expected, and an example; never holds a secret
 */
public record ConfigProblem(SourceLocation location, String key, String message) implements Comparable<ConfigProblem> {

    @Override
    public int compareTo(ConfigProblem other) {
        int byLocation = location.compareTo(other.location);
        return byLocation != 0 ? byLocation : toString().compareTo(other.toString());
    }

    /** {@code conf/server.yml:42:7: contexts./sam/list1.idle_timeout: "10 min" is not a duration; …}. */
    @Override
    public String toString() {
        return key.isEmpty() ? location + ": " + message : location + ": " + key + ": " + message;
    }
}
