package marina.connection;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;

/** The body of a request. Read by one thread at a time, when the backend has taken what was read before. */
public interface RequestBody extends Content.Source {
    /** Fields after the body; null for none. Asked for at its end. */
    @Nullable
    HttpFields trailers();

    /** The backend has got all of it. */
    void delivered();
}
