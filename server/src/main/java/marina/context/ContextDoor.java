package marina.context;

import marina.metrics.Journey;
import marina.proxy.FieldRules;
import marina.valve.Access;
import marina.valve.PublicFiles;
import marina.valve.Valve;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * What a request passes between the gate of a path and its content.
 *
 * @param access who may pass
 * @param files answer before the content
 * @param closing for maintenance
 * @param compression of what the content answers
 * @param fields what is changed in all answers
 */
record ContextDoor(Access access, PublicFiles files, Closing closing, Valve compression, FieldRules fields) {

    /** Passes on a request that may enter. */
    boolean authorize(Request request, Response response, Callback callback, Request.Handler next) throws Exception {
        return access.authorize(request, response, callback, (known, answer, end) -> {
            if (access.rejects(known, true)) {
                Journey.of(known).at(Journey.Door.CRAWLERS);
                access.reject(known, answer, end);
                return true;
            }
            return next.handle(known, answer, end);
        });
    }

    /** Answers from the files, or passes on to the content. */
    boolean enter(Request request, Response response, Callback callback, Request.Handler content) throws Exception {
        if (files.enabled()) {
            Journey.of(request).at(Journey.Door.FILES);
        }
        return files.handle(request, response, callback, (seen, answer, end) -> {
            if (files.enabled()) {
                Journey.of(seen).at(Journey.Door.OPEN);
            }
            if (closing.isClosed()) {
                Journey.of(seen).at(Journey.Door.MAINTENANCE);
                closing.answer(seen, answer, end);
                return true;
            }
            if (access.rejects(seen, false)) {
                Journey.of(seen).at(Journey.Door.CRAWLERS);
                access.reject(seen, answer, end);
                return true;
            }
            return Access.settle(
                    seen, answer, end, (known, reply, over) -> compression.handle(known, reply, over, content));
        });
    }
}
