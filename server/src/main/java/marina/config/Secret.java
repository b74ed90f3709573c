package marina.config;

/**
 * A value that nobody may see: its text form, which logs and dumps use, is a mask.
 *
 * @param value the secret itself, empty when none is written
 */
public record Secret(String value) {

    /** Nothing is written. */
    public static final Secret NONE = new Secret("");

    /** Whether there is one. */
    public boolean isPresent() {
        return !value.isEmpty();
    }

    @Override
    public String toString() {
        return isPresent() ? Secrets.MASK : "";
    }
}
