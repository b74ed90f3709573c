package marina.proxy;

import org.eclipse.jetty.server.Request;

/** What happened to a request on its way, for the access log. Written by whoever has the request at that time. */
public interface ExchangeNotes {

    /** Who may answer at the door of a context, in place of its content. */
    enum Door {
        /** The content answers. */
        OPEN,
        /** A public file of the context. */
        FILES,
        /** The maintenance page. */
        MAINTENANCE,
        /** A crawler is turned away. */
        CRAWLERS
    }

    /** Who answers at the door. */
    void at(Door door);

    /** Who has answered at the door. */
    Door door();

    /** It has waited so long for an application to start. */
    void waited(long nanos);

    /** It is handed to a backend. Of several attempts the first counts. */
    void handedOver();

    /** The head of the backend's answer has come. */
    void answered();

    /** Nanoseconds that it has waited for a start; 0 when it has not. */
    long waitNanos();

    /** Nanoseconds from handing it over until the answer, or until now when there was none; -1 when it was not handed over. */
    long upstreamNanos();

    /** Bytes of its body that have been read. */
    long bytesIn();

    /** Takes note that it has waited for a start. */
    static void waited(Request request, long nanos) {
        ExchangeNotes notes = Request.as(request, ExchangeNotes.class);
        if (notes != null) {
            notes.waited(nanos);
        }
    }

    /** Takes note that a backend has it. */
    static void handedOver(Request request) {
        ExchangeNotes notes = Request.as(request, ExchangeNotes.class);
        if (notes != null) {
            notes.handedOver();
        }
    }

    /** Takes note that a backend has answered. */
    static void answered(Request request) {
        ExchangeNotes notes = Request.as(request, ExchangeNotes.class);
        if (notes != null) {
            notes.answered();
        }
    }

    /** Takes note of who answers at the door of a context. */
    static void at(Request request, Door door) {
        ExchangeNotes notes = Request.as(request, ExchangeNotes.class);
        if (notes != null) {
            notes.at(door);
        }
    }
}
