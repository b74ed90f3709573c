package marina.simulator.edge;

/** Errors of the edge, by the codes that Fly logs; clients get the status, a line of text and the code in Sim-Fault. */
enum EdgeFault {
    /** The body is too large to be sent again. */
    PA01(502, "the request is too large to be replayed"),
    /** Replayed too often. */
    PA02(502, "the request was replayed more than 10 times"),
    /** The replay cannot be understood or is not allowed here. */
    PA03(502, "the fly-replay response is not valid"),
    /** No such app. */
    PA04(502, "the app of the fly-replay response does not exist"),
    /** An app of somebody else. */
    PA05(502, "the app of the fly-replay response belongs to another organization"),
    /** Machines exist, none could be reached. */
    PR03(503, "no machine could be reached"),
    /** No machine fits. */
    PR04(503, "no machine fits the request"),
    /** The connection ended before the answer. */
    PU02(502, "the machine did not complete the request");

    private final int status;
    private final String text;

    EdgeFault(int status, String text) {
        this.status = status;
        this.text = text;
    }

    int status() {
        return status;
    }

    String text() {
        return text;
    }
}
