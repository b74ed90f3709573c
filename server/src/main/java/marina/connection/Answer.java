package marina.connection;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/** The head of an answer, and what comes after its body. Written by the thread that reads the connection. */
public final class Answer {
    private final HttpVersion version;
    private final int status;
    private final HttpFields.Mutable fields = HttpFields.build();
    private volatile HttpFields.@Nullable Mutable trailers;

    Answer(HttpVersion version, int status) {
        this.version = version;
        this.status = status;
    }

    /** The protocol that the backend speaks. */
    public HttpVersion version() {
        return version;
    }

    /** Its status code. */
    public int status() {
        return status;
    }

    /** Its fields, in the order in which they came; not to be changed. */
    public HttpFields fields() {
        return fields;
    }

    /** What came after the body; null for nothing, or as long as the body has not ended. */
    public @Nullable HttpFields trailers() {
        return trailers;
    }

    HttpFields.Mutable head() {
        return fields;
    }

    HttpFields.Mutable tail() {
        HttpFields.Mutable tail = trailers;
        if (tail == null) {
            tail = HttpFields.build();
            trailers = tail;
        }
        return tail;
    }
}
