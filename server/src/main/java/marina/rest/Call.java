package marina.rest;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import marina.context.Failures;
import marina.host.ReloadOutcome;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.util.ajax.JSON;

/** One request to REST and its answer, which is given once. */
public final class Call {
    private final Request request;
    private final Response response;
    private final Callback callback;
    private final Asker asker;
    private final Fields query;

    /**
     * A call.
     *
     * @param user who asks, for the log
     * @throws BadCall when its query cannot be read
     */
    public Call(Request request, Response response, Callback callback, String user) throws BadCall {
        this(request, response, callback, new Asker(user));
    }

    /**
     * A call of somebody who may have to leave.
     *
     * @throws BadCall when its query cannot be read
     */
    Call(Request request, Response response, Callback callback, Asker asker) throws BadCall {
        this.request = request;
        this.response = response;
        this.callback = callback;
        this.asker = asker;
        try {
            this.query = Request.extractQueryParameters(request);
        } catch (RuntimeException e) {
            throw new BadCall(HttpStatus.BAD_REQUEST_400, "the query cannot be read: " + e.getMessage());
        }
    }

    /** The request. */
    public Request request() {
        return request;
    }

    /** The response, for answers that are no JSON. */
    public Response response() {
        return response;
    }

    /** To be completed with the answer, where that is no JSON. */
    public Callback callback() {
        return callback;
    }

    /** Who asks. */
    public String user() {
        return asker.user();
    }

    /** Whether whoever asks would still be let in; for answers that go on. May block for a moment. */
    boolean mayStay() {
        return asker.stays().getAsBoolean();
    }

    /** Whether only the head of the answer is wanted (RFC 9110, 9.3.2). */
    boolean wantsOnlyHead() {
        return request.getMethod().equals("HEAD");
    }

    /** A parameter; empty when it is not there. */
    public String optional(String name) {
        String value = query.getValue(name);
        return value == null ? "" : value;
    }

    /** A parameter that must be there. */
    public String required(String name) throws BadCall {
        String value = optional(name);
        if (value.isEmpty()) {
            throw new BadCall(
                    HttpStatus.BAD_REQUEST_400, name + " is missing; write it into the query: ?" + name + "=…");
        }
        return value;
    }

    /** A parameter that is a number. */
    public int number(String name, int least, int most, int absent) throws BadCall {
        String value = optional(name);
        if (value.isEmpty()) {
            return absent;
        }
        try {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below, as for a number that is out of range
        }
        throw new BadCall(
                HttpStatus.BAD_REQUEST_400,
                name + " is \"" + value + "\"; write a number from " + least + " to " + most);
    }

    /** A parameter that is {@code true} or {@code false}. */
    public boolean flag(String name) throws BadCall {
        String value = optional(name);
        if (value.isEmpty() || value.equals("false")) {
            return false;
        }
        if (value.equals("true")) {
            return true;
        }
        throw new BadCall(HttpStatus.BAD_REQUEST_400, name + " is \"" + value + "\"; write true or false");
    }

    /** Answers with 200. */
    public void json(Object json) {
        json(HttpStatus.OK_200, json);
    }

    /** Answers. */
    public void json(int status, Object json) {
        json(status, json, response, callback);
    }

    /** Answers with plain text. */
    public void text(String text) {
        response.setStatus(HttpStatus.OK_200);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain;charset=utf-8");
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        Content.Sink.write(response, true, text, callback);
    }

    /** Answers a request with JSON. */
    public static void json(int status, Object json, Response response, Callback callback) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        Content.Sink.write(response, true, new JSON().toJSON(json) + "\n", callback);
    }

    /** What a refusal looks like. */
    public static Map<String, Object> refusal(String message) {
        return outcome(false, List.of(message));
    }

    /** Answers with an outcome: 200, or 409 when it failed. */
    public void outcome(ReloadOutcome outcome) {
        json(outcome.succeeded() ? HttpStatus.OK_200 : HttpStatus.CONFLICT_409, withChanges(outcome));
    }

    private static Map<String, Object> withChanges(ReloadOutcome outcome) {
        Map<String, Object> json = outcome(outcome.succeeded(), outcome.messages());
        json.put("changed", outcome.changed());
        return json;
    }

    /** Answers when something is done: with the message, or with why it failed. */
    public void whenDone(CompletableFuture<?> work, String what) {
        var unused = work.handle((done, failure) -> failure == null
                        ? new ReloadOutcome(
                                true, List.of(done instanceof String said ? what + ": " + said : what + " done"))
                        : new ReloadOutcome(false, List.of(what + " failed: " + Failures.reason(failure))))
                .thenAccept(this::outcome);
    }

    private static Map<String, Object> outcome(boolean succeeded, List<String> messages) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("succeeded", succeeded);
        json.put("messages", messages);
        json.put("changed", List.of());
        return json;
    }
}
