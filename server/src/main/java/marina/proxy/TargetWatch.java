package marina.proxy;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Whoever chooses among several targets: learns how an exchange with one of them goes, and may take it over when that has not
 * answered. Of one exchange; called on threads that must not be blocked, by one at a time.
 */
public interface TargetWatch {
    /** For those who have one target only. */
    TargetWatch NOBODY = new TargetWatch() {
        @Override
        public void answered(int status, HttpFields.Mutable clientFields) {}

        @Override
        public boolean failed(Failure failure, Request request, Response response, Callback callback) {
            return false;
        }
    };

    /**
     * The head of the answer has come, and none of it has been passed on.
     *
     * @param status of the final answer, 101 for an upgrade
     * @param clientFields what the client will get, to be added to
     */
    void answered(int status, HttpFields.Mutable clientFields);

    /**
     * There will be no whole answer, and the client has got nothing yet; it is not the client's fault.
     *
     * @return true for an exchange that has been taken over: its callback will be completed; false for the usual page
     */
    boolean failed(Failure failure, Request request, Response response, Callback callback);

    /**
     * Why, and how far it got.
     *
     * @param cause the failure
     * @param reach what the target may have seen
     */
    record Failure(Throwable cause, Reach reach) {}

    /** How far a request got that failed. */
    enum Reach {
        /** The target has not seen any of it, and all of it is still there for another target. */
        NOWHERE,
        /** The target may have seen it, but it is one that may be repeated (RFC 9110 section 9.2.2), and complete. */
        REPEATABLE,
        /** It must not be sent again, or cannot be, or the target took too long for it. */
        FINAL
    }
}
