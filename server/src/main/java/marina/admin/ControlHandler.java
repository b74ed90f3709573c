package marina.admin;

import marina.console.Console;
import marina.rest.Asker;
import marina.rest.Rest;
import marina.server.Administration;
import marina.server.MarinaServer;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Answers operators: on the control socket REST without a login, for this user's command line; elsewhere the console. Never
 * blocks.
 */
public final class ControlHandler implements Administration {
    /** Whoever can use the control socket. */
    private static final String LOCAL = "local";

    private final MarinaServer server;
    private final Rest rest;
    private final Console console;

    /**
     * The commands of one server.
     *
     * @param stop ends the program; called on a thread of its own
     */
    public ControlHandler(MarinaServer server, Runnable stop) {
        this.server = server;
        rest = new Rest(server, stop);
        console = new Console(server, rest);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        String path = String.valueOf(request.getHttpURI().getCanonicalPath());
        if (path.startsWith(Rest.ROOT + "/")) {
            rest.handle(path.substring(Rest.ROOT.length()), new Asker(LOCAL), request, response, callback);
        } else if (path.equals("/metrics")) {
            server.answerMetrics(request, response, callback);
        } else if (console.isManager(path)) {
            console.manage(path, LOCAL, request, response, callback);
        } else {
            Rest.refuse(HttpStatus.NOT_FOUND_404, "there is nothing at " + path, response, callback);
        }
        return true;
    }

    @Override
    public boolean console(String prefix, Request request, Response response, Callback callback) {
        console.handle(prefix, request, response, callback);
        return true;
    }

    @Override
    public void leave() {
        rest.leave();
    }
}
