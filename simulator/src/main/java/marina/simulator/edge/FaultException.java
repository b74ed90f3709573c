package marina.simulator.edge;

/** The edge answers the request itself, with one of its errors. */
final class FaultException extends RuntimeException {

    private final EdgeFault fault;

    FaultException(EdgeFault fault, String detail) {
        super(detail.isEmpty() ? fault.text() : fault.text() + ": " + detail);
        this.fault = fault;
    }

    EdgeFault fault() {
        return fault;
    }
}
