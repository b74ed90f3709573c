package marina.cgi;

import java.io.IOException;
import marina.process.ExitOutcome;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a run ends for the client. One of its ends is called, once, when nobody writes to the response. */
final class CgiEnd {
    private static final Logger LOG = LoggerFactory.getLogger(CgiEnd.class);

    private final CgiCall call;
    private final CgiAnswer answer;
    private final CgiPages pages;

    CgiEnd(CgiCall call, CgiAnswer answer, CgiPages pages) {
        this.call = call;
        this.answer = answer;
        this.pages = pages;
    }

    /**
     * All that can come has come.
     *
     * @param outcome of the script; null while it goes on without an output
     */
    void finish(@Nullable ExitOutcome outcome) {
        String redirect = answer.localRedirect();
        if (!answer.isBegun()) {
            tell(answer.whatIsMissing()); // how it has ended, if not well, has been told
            fail(HttpStatus.BAD_GATEWAY_502, new IOException("no answer"));
            return;
        }
        if (answer.isTooLong()) {
            tell("it has printed more than its Content-Length says; the rest has been left out");
        }
        if (answer.isTooShort()) {
            tell("it has printed less than its Content-Length says; the connection is cut");
            fail(HttpStatus.BAD_GATEWAY_502, new IOException("the answer is too short"));
        } else if (outcome != null && outcome.isCrash()) {
            fail(HttpStatus.BAD_GATEWAY_502, new IOException("the script crashed"));
        } else if (redirect != null) {
            redirect(redirect);
        } else {
            answer.end(call.callback());
        }
    }

    /** An error page, or the end of the connection when the answer has begun: nothing else says that it is not complete. */
    void fail(int status, Exception failure) {
        if (call.response().isCommitted()) {
            call.callback().failed(failure);
        } else {
            call.response().reset();
            if (status == HttpStatus.SERVICE_UNAVAILABLE_503) {
                call.response().getHeaders().put(HttpHeader.RETRY_AFTER, 1);
            }
            pages.write(status, call.request(), call.response(), call.callback());
        }
    }

    /** The client has left, or has not sent what it had announced. */
    void clientFailed(Throwable failure) {
        if (call.response().isCommitted()) {
            call.callback().failed(failure);
        } else {
            ClientFailure.answer(failure, call, pages);
        }
    }

    /** Tells the operator. */
    void tell(String reason) {
        LOG.warn("{}: {}", call.script(), reason);
    }

    private void redirect(String target) {
        try {
            if (!call.again().handle(LocalRedirect.of(call.request(), target), call.response(), call.callback())) {
                pages.write(HttpStatus.NOT_FOUND_404, call.request(), call.response(), call.callback());
            }
        } catch (BadHeadException e) {
            tell(String.valueOf(e.getMessage()));
            fail(HttpStatus.BAD_GATEWAY_502, e);
        } catch (Exception e) {
            call.callback().failed(e);
        }
    }
}
