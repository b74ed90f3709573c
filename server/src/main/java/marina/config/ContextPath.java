package marina.config;

import java.util.Objects;

/**
 * Where a context is mounted: {@code /} or {@code /segment/segment} without a trailing slash.
 *
 * @param value the path, beginning with a slash
 */
public record ContextPath(String value) implements Comparable<ContextPath> {

    /** The context that takes what no other context takes. */
    public static final ContextPath ROOT = new ContextPath("/");

    /**
     * Checks the form.
     *
     * @throws IllegalArgumentException when the path is not canonical
     */
    public ContextPath {
        Objects.requireNonNull(value);
        boolean canonical = value.equals("/") || (value.startsWith("/") && !value.endsWith("/"));
        if (!canonical || value.contains("//")) {
            throw new IllegalArgumentException(
                    "\"" + value + "\" is not a context path; write / or a path such as /sam/list1");
        }
    }

    /**
     * The path that somebody has written, who may be anybody.
     *
     * @throws IllegalArgumentException when it is none; the message is for whoever has written it
     */
    public static ContextPath parse(String text) {
        try {
            return Texts.contextPath(text);
        } catch (BadText e) {
            throw new IllegalArgumentException(Secrets.quote(text) + " " + e.getMessage(), e);
        }
    }

    /** Whether this is {@code /}. */
    public boolean isRoot() {
        return value.equals("/");
    }

    /** The path as a prefix of the URLs below it: {@code /} or {@code /sam/list1/}. */
    public String prefix() {
        return isRoot() ? value : value + "/";
    }

    /** The path as a name for files and logs: {@code ROOT} or {@code sam/list1}. */
    public String name() {
        return isRoot() ? "ROOT" : value.substring(1);
    }

    /** Asked of each context at each start, where what a record has of its own must be linked first. */
    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ContextPath path && path.value.equals(value);
    }

    @Override
    public int compareTo(ContextPath other) {
        return this == other
                ? 0
                : value.compareTo(other.value); // maps of a configuration and the next share most of them
    }

    @Override
    public String toString() {
        return value;
    }
}
