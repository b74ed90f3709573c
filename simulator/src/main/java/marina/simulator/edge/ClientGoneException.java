package marina.simulator.edge;

/** The client has left, or cannot be understood any more; nobody needs an answer. */
final class ClientGoneException extends RuntimeException {

    ClientGoneException(Throwable cause) {
        super(cause);
    }
}
