package marina.access;

import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;

/** What a server knows of its requests. Thread-safe. */
public interface Surroundings {

    /**
     * Where a request went.
     *
     * @param context the path of the context
     * @param kind what answers there: {@code war}, {@code command}, {@code upstream}, {@code files}, {@code cgi}
     */
    record Place(String context, String kind) {}

    /** The context that a request belonged to; null when none has its path. */
    @Nullable
    Place place(Request request);

    /** Who has answered: {@code proxy}, {@code static}, {@code maintenance} and the like; null for nobody in particular. */
    @Nullable
    String answer(Request request, Response response);

    /** The id of the session that a request used or began; null for none. */
    @Nullable
    String session(Request request, Response response);

    /** What is in that session under a name; null for nothing. */
    @Nullable
    Object sessionAttribute(Request request, Response response, String name);

    /** What was decided about the machine that is to answer: {@code replay:syd:live}; null when nothing had to be. */
    @Nullable
    String decision(Request request);
}
