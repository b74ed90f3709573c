package marina.server;

import java.util.function.Supplier;
import marina.config.HeadersConfig;
import marina.proxy.FieldRules;
import marina.proxy.HeadChanges;
import marina.valve.HeaderRules;
import org.eclipse.jetty.server.Request;

/** The fields that the server sets around all contexts; follows a reload. Thread-safe. */
final class ServerHeads {
    private final Supplier<HeadersConfig> headers;
    private volatile Compiled compiled = new Compiled(HeadersConfig.NONE, FieldRules.NONE, FieldRules.NONE);

    ServerHeads(Supplier<HeadersConfig> headers) {
        this.headers = headers;
    }

    /**
     * Has the heads of an exchange changed; costs a comparison when there is nothing to change.
     *
     * @return whether they are
     */
    @SuppressWarnings("ReferenceEquality") // a reload brings another object, and only a reload does
    boolean begin(Request request) {
        HeadersConfig wanted = headers.get();
        Compiled known = compiled;
        if (known.config != wanted) {
            known = new Compiled(wanted, HeaderRules.of(wanted.request()), HeaderRules.of(wanted.response()));
            compiled = known;
        }
        if (known.toBackend.isEmpty() && known.toClient.isEmpty()) {
            return false;
        }
        HeadChanges.begin(request, known.toBackend, known.toClient);
        return true;
    }

    private record Compiled(HeadersConfig config, FieldRules toBackend, FieldRules toClient) {}
}
