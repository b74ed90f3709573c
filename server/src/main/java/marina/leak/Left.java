package marina.leak;

/**
 * One thing that keeps the classes of a stopped web application in memory.
 *
 * @param holder what it is, in a few words: {@code thread "poller"}
 * @param warning the line for the log, in Tomcat's words where Tomcat has words for it
 * @param cure ends it, as far as that is safe
 */
record Left(String holder, String warning, Runnable cure) {
    /** For what nobody but the application can end. */
    static final Runnable NO_CURE = () -> {};
}
