package marina.host;

/** Something cannot be deployed, undeployed or rolled back as things are; the message is one line for the operator. */
public final class DeploymentException extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean unknown;

    /** It conflicts with what is there. */
    public DeploymentException(String message) {
        this(message, false);
    }

    DeploymentException(String message, boolean unknown) {
        super(message);
        this.unknown = unknown;
    }

    static DeploymentException unknown(String message) {
        return new DeploymentException(message, true);
    }

    /** Whether it is about something that is not there. */
    public boolean isUnknown() {
        return unknown;
    }
}
