package marina.proxy;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import marina.connection.Answer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that a backend has named in place of a body.
 *
 * @param files those that it may name
 * @param name as the backend wrote it
 */
record NamedFile(NamedFiles files, String name) {
    private static final Logger LOG = LoggerFactory.getLogger(NamedFile.class);

    /**
     * The file that an answer names; null when it names none, or may not.
     *
     * @param asked what the client has asked for
     * @param warned whether the operator has been told of a backend that may not
     */
    static @Nullable NamedFile in(Answer answer, HttpURI asked, NamedFiles files, AtomicBoolean warned) {
        String name = nameIn(answer.fields());
        if (name == null || HttpStatus.hasNoBody(answer.status())) {
            return null;
        }
        if (files == NamedFiles.NONE) {
            if (warned.compareAndSet(false, true)) {
                LOG.warn(
                        "{} was answered with the name of a file; to have such files sent, write sendfile: { root: FOLDER } in the context",
                        asked);
            }
            return null;
        }
        return new NamedFile(files, name);
    }

    /** Jetty has constants for neither of the two names, so all that it has one for are passed over: this is asked of every answer. */
    private static @Nullable String nameIn(HttpFields fields) {
        String redirect = null;
        for (HttpField field : fields) {
            if (field.getHeader() == null) {
                if (field.is("X-Sendfile")) {
                    return field.getValue();
                }
                if (redirect == null && field.is("X-Accel-Redirect")) {
                    redirect = field.getValue();
                }
            }
        }
        return redirect;
    }

    /**
     * Reads the body to its end, so that the connection can be used again.
     *
     * @param done told once, with null or what went wrong
     */
    void discard(Content.Source source, Consumer<@Nullable Throwable> done) {
        while (true) {
            Content.Chunk chunk = source.read();
            if (chunk == null) {
                source.demand(Invocable.from(Invocable.InvocationType.NON_BLOCKING, () -> discard(source, done)));
                return;
            }
            if (Content.Chunk.isFailure(chunk)) {
                done.accept(chunk.getFailure());
                return;
            }
            boolean last = chunk.isLast();
            chunk.release();
            if (last) {
                done.accept(null);
                return;
            }
        }
    }

    /** Sends the file; what the backend said of a body that nobody gets is not said of it. */
    void send(ClientSide client) {
        HttpFields.Mutable fields = client.response().getHeaders();
        fields.remove(HttpHeader.CONTENT_LENGTH)
                .remove(HttpHeader.CONTENT_ENCODING)
                .remove(HttpHeader.CONTENT_RANGE)
                .remove(HttpHeader.TRANSFER_ENCODING)
                .remove(HttpHeader.ACCEPT_RANGES)
                .remove(HttpHeader.ETAG)
                .remove(HttpHeader.LAST_MODIFIED)
                .remove(HttpHeader.TRAILER);
        client.response().setTrailersSupplier(null);
        files.send(name, client.request(), client.response(), client.end());
    }
}
