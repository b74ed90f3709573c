package marina.hook;

/** The points of a life cycle at which hooks run. */
public enum HookPoint {
    /** Before the first start of what has been deployed in a context. */
    CONTEXT_MIGRATE,
    /** Before a context's process. */
    CONTEXT_START,
    /** After a context answered. */
    CONTEXT_READY,
    /** After a context's process ended. */
    CONTEXT_STOP,
    /** Before the first connection is accepted. */
    SERVER_START,
    /** Before a reload takes effect. */
    SERVER_RELOAD,
    /** After start and after each reload. */
    SERVER_READY,
    /** Before the machine sleeps. */
    SERVER_SUSPEND,
    /** After it has slept. */
    SERVER_RESUME,
    /** When the server stops. */
    SERVER_STOP;

    /** As the operator writes it: {@code migrate}, {@code start}, {@code ready}, {@code stop}. */
    public String key() {
        String name = name();
        return name.substring(name.indexOf('_') + 1).toLowerCase(java.util.Locale.ROOT);
    }
}
