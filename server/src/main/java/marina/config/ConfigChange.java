package marina.config;

/**
 * One difference between two configurations, in words that may be shown: secrets are masked.
 *
 * @param kind what became of it
 * @param context the path of the context that it belongs to; empty for the server itself
 * @param key what is another one now, {@code limits.backends}; empty for the context as a whole
 * @param before the former value; empty where there was none
 * @param after the value now; empty where there is none any more
 */
public record ConfigChange(Kind kind, String context, String key, String before, String after) {

    /** What can become of something. */
    public enum Kind {
        /** It is new. */
        ADDED,
        /** It is another one. */
        CHANGED,
        /** It is gone. */
        REMOVED
    }

    /** {@code limits.backends: 10 -> 20}, {@code /a: removed}. */
    @Override
    public String toString() {
        return context.isEmpty() ? what() : context + ": " + what();
    }

    /** The same without the context. */
    String what() {
        if (key.isEmpty()) {
            return switch (kind) {
                case ADDED -> "added" + (after.isEmpty() ? "" : " (" + after + ")");
                case REMOVED -> "removed";
                case CHANGED -> after;
            };
        }
        return switch (kind) {
            case ADDED -> key + ": now " + after;
            case REMOVED -> key + ": no longer " + before;
            case CHANGED -> before.equals(after)
                    ? key + ": another value, which is secret"
                    : key + ": " + before + " -> " + after;
        };
    }
}
