package marina.simulator.control;

/** A command that cannot be carried out; the message says why and what to write. */
final class CommandException extends RuntimeException {

    private final int status;

    CommandException(int status, String message) {
        super(message);
        this.status = status;
    }

    int status() {
        return status;
    }
}
