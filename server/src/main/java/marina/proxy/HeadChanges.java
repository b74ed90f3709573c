package marina.proxy;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * What operators change in the heads of one exchange. The head of the answer is changed when it is sent, so that it does not
 * matter who has written it: an application, a file, an error page. Without rules, nothing is done. Not thread-safe: rules are
 * set before the answer begins.
 */
public final class HeadChanges {
    private static final String NAME = HeadChanges.class.getName();

    private final FieldRules toBackend;
    private final FieldRules aroundAll;
    private volatile FieldRules ofAnswerer = FieldRules.NONE;
    private volatile @Nullable Request request;

    private HeadChanges(FieldRules toBackend, FieldRules aroundAll) {
        this.toBackend = toBackend;
        this.aroundAll = aroundAll;
    }

    /**
     * Sets the rules that hold for everybody; to be called once, before a request is looked at.
     *
     * @param toBackend for the request, should it be forwarded
     * @param toClient for the answer
     */
    public static void begin(Request request, FieldRules toBackend, FieldRules toClient) {
        if (!(toBackend.isEmpty() && toClient.isEmpty()) && request.getAttribute(NAME) == null) {
            new HeadChanges(toBackend, toClient).install(request);
        }
    }

    /** The request as everybody else sees it; until then fields that tell of the client are left out. */
    public static void know(Request seen) {
        if (seen.getAttribute(NAME) instanceof HeadChanges changes) {
            changes.request = seen;
        }
    }

    /** Sets the rules of whoever answers, which come after those for everybody; they replace those of another one. */
    public static void answer(Request request, FieldRules toClient) {
        if (request.getAttribute(NAME) instanceof HeadChanges changes) {
            changes.ofAnswerer = toClient;
        } else if (!toClient.isEmpty()) {
            HeadChanges changes = new HeadChanges(FieldRules.NONE, FieldRules.NONE);
            changes.request = request;
            changes.ofAnswerer = toClient;
            changes.install(request);
        }
    }

    /** What everybody's requests to backends are changed by. */
    static FieldRules toBackend(Request request) {
        return request.getAttribute(NAME) instanceof HeadChanges changes ? changes.toBackend : FieldRules.NONE;
    }

    private void install(Request of) {
        of.setAttribute(NAME, this);
        of.addHttpStreamWrapper(ChangedStream::new);
    }

    private @Nullable ClientView client() {
        Request known = request;
        return known == null ? null : ClientView.of(known);
    }

    private MetaData.Response changed(MetaData.Response head) {
        HttpFields.Mutable fields = HttpFields.build(head.getHttpFields());
        aroundAll.apply(fields, this::client);
        ofAnswerer.apply(fields, this::client);
        return new MetaData.Response(
                head.getStatus(),
                head.getReason(),
                head.getHttpVersion(),
                fields,
                head.getContentLength(),
                head.getTrailersSupplier());
    }

    /** Interim answers but the one that upgrades are no answers yet. */
    private static boolean isFinal(MetaData.Response head) {
        return !HttpStatus.isInformational(head.getStatus()) || head.getStatus() == HttpStatus.SWITCHING_PROTOCOLS_101;
    }

    private final class ChangedStream extends HttpStream.Wrapper {
        ChangedStream(HttpStream wrapped) {
            super(wrapped);
        }

        @Override
        @SuppressWarnings("NullAway") // no head comes with the later pieces of a body
        public void send(
                MetaData.Request asked,
                MetaData.@Nullable Response head,
                boolean last,
                @Nullable ByteBuffer content,
                Callback callback) {
            super.send(asked, head != null && isFinal(head) ? changed(head) : head, last, content, callback);
        }
    }
}
