package marina.simulator.api;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import marina.simulator.journal.Event;
import marina.simulator.journal.Journal;
import marina.simulator.machine.ApiFault;
import marina.simulator.machine.Machine;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.util.ajax.JSON;

/** From HTTP to calls and back, with faults on command. Thread-safe. */
final class ApiHandler extends Handler.Abstract {

    private static final Pattern PATH = Pattern.compile("/v1/apps/([^/]+)/machines(?:/([^/]+)(?:/(.+))?)?");
    private static final long LONGEST_SILENCE_SECONDS = 120;

    private final MachineCalls calls;
    private final Journal journal;
    private final Map<String, String> owners;
    private final Random chance;
    private final CountDownLatch stopped = new CountDownLatch(1);

    /**
     * @param owners the machine that a connector belongs to, by the connector's name; others want a token
     */
    ApiHandler(MachineCalls calls, Journal journal, Map<String, String> owners) {
        this.calls = calls;
        this.journal = journal;
        this.owners = Map.copyOf(owners);
        this.chance = new Random(calls.seed());
    }

    @Override
    protected void doStop() throws Exception {
        stopped.countDown();
        super.doStop();
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        String owner = owners.get(request.getConnectionMetaData().getConnector().getName());
        Matcher path = PATH.matcher(Request.getPathInContext(request));
        Reply reply;
        if (owner == null
                && !String.valueOf(request.getHeaders().get(HttpHeader.AUTHORIZATION))
                        .startsWith("Bearer ")) {
            reply = Reply.error(401, "unauthenticated: write Authorization: Bearer TOKEN");
        } else if (!path.matches()) {
            reply = Reply.error(404, "no such path");
        } else {
            reply = reply(request, path, owner);
        }
        response.setStatus(reply.status());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        String text = reply.status() == 204 ? "" : new JSON().toJSON(reply.body());
        Content.Sink.write(response, true, text, callback);
        return true;
    }

    private Reply reply(Request request, Matcher path, @org.jspecify.annotations.Nullable String owner)
            throws Exception {
        Call call = new Call(
                request.getMethod(),
                path.group(1),
                path.group(2),
                path.group(3) == null ? "" : path.group(3),
                query(request),
                body(Content.Source.asString(request, StandardCharsets.UTF_8)));
        Optional<Machine> machine = calls.machine(call.app(), call.machine());
        if (owner != null && (call.machine() == null || !call.machine().equals(owner))) {
            return Reply.error(403, "permission_denied: this socket is for machine " + owner + " alone");
        }
        if (call.machine() == null) {
            return call.method().equals("GET") ? calls.list(call.app()) : Reply.error(405, "GET lists the machines");
        }
        if (machine.isEmpty()) {
            return Reply.error(404, "machine not found");
        }
        return withFaults(machine.get(), call);
    }

    private Reply withFaults(Machine machine, Call call) throws InterruptedException {
        ApiFault fault = machine.faults().api().getOrDefault(call.faultName(), ApiFault.NONE);
        if (fault == ApiFault.NONE && calls.chaos(chance)) {
            fault = ApiFault.FAIL;
        }
        Reply reply =
                switch (fault) {
                    case NONE -> calls.call(machine, call);
                    case REFUSE -> Reply.error(412, "failed_precondition: refused on command");
                    case FAIL -> Reply.error(500, "internal: failed on command");
                    case NOTHING -> Reply.OK;
                    case TIMEOUT -> {
                        stopped.await(LONGEST_SILENCE_SECONDS, TimeUnit.SECONDS);
                        yield Reply.error(504, "timed out on command");
                    }
                };
        journal.add(Event.of("api")
                .with("machine", machine.id())
                .with("call", call.method() + " " + (call.action().isEmpty() ? "machine" : call.action()))
                .with("fault", fault == ApiFault.NONE ? null : fault.name().toLowerCase(Locale.ROOT))
                .with("status", reply.status()));
        return reply;
    }

    private static Map<String, String> query(Request request) {
        Map<String, String> found = new HashMap<>();
        for (Fields.Field field : Request.extractQueryParameters(request)) {
            found.put(field.getName(), field.getValue());
        }
        return found;
    }

    private static Map<?, ?> body(String text) {
        try {
            return !text.isBlank() && new JSON().fromJSON(text) instanceof Map<?, ?> map ? map : Map.of();
        } catch (RuntimeException e) {
            return Map.of();
        }
    }
}
