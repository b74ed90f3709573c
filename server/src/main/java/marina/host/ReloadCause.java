package marina.host;

/** Why the configuration is read anew. */
public enum ReloadCause {
    /** Marina has started. */
    START("start"),
    /** A file below conf or webapps, an archive or a certificate is another one. */
    FILE_CHANGE("file change"),
    /** Signal 1. */
    SIGHUP("SIGHUP"),
    /** A hook or a script has written a configuration. */
    HOOK("hook"),
    /** {@code marina.sh reload}, or the same by another way in. */
    COMMAND("command"),
    /** The machine has slept. */
    WAKE("wake");

    private final String words;

    ReloadCause(String words) {
        this.words = words;
    }

    /** As people read it. */
    @Override
    public String toString() {
        return words;
    }
}
