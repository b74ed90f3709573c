package marina.console;

import java.io.IOException;
import java.util.Optional;
import marina.login.VerifiedUser;
import marina.rest.Asker;
import marina.rest.BadCall;
import marina.rest.Call;
import marina.rest.Rest;
import marina.server.MarinaServer;
import marina.tomcat.JmxProxy;
import marina.tomcat.TextManager;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers what comes to the admin listener, and to its path on an address of the server: the pages of the console, and REST for
 * those who have shown who they are. Never blocks a thread of the caller; thread-safe.
 */
public final class Console {
    /** What the header is called that changing requests of a session carry. */
    public static final String CSRF = "X-Marina-CSRF";

    private static final Logger LOG = LoggerFactory.getLogger(Console.class);
    private static final String PAGES = "/console/";
    private static final String METRICS = "/metrics";

    private static final String NOBODY =
            """
            <!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Marina</title>
            <h1>Nobody can log in yet</h1>
            <p>On the server, run <code>bin/marina.sh htpasswd sam</code> and write what it prints to <code>%s</code>:</p>
            <pre>users:
              sam: { password: "$2y$…", roles: manager }</pre>
            <p>That counts at once. Until then <code>bin/marina.sh</code> does all that the console does.</p>
            """;

    private final MarinaServer server;
    private final Rest rest;
    private final Doorkeeper door;
    private final Login login;
    private final TextManager text;
    private final JmxProxy jmx;
    private final StaticPages pages = new StaticPages();

    /** The console of a server, which need not have been assembled yet. */
    public Console(MarinaServer server, Rest rest) {
        this.server = server;
        this.rest = rest;
        this.door = new Doorkeeper(() -> server.host().config().admin(), server::users);
        this.login = new Login(door);
        this.text = new TextManager(server);
        this.jmx = new JmxProxy(server::mbeans);
    }

    /**
     * Answers.
     *
     * @param prefix its path on an address of the server; empty on the admin listener
     */
    public void handle(String prefix, Request request, Response response, Callback callback) {
        protect(response.getHeaders());
        if (prefix.isEmpty() && !HostCheck.knows(request, server.host().config().admin())) {
            Rest.refuse(
                    HttpStatus.MISDIRECTED_REQUEST_421,
                    "\"" + Request.getServerName(request)
                            + "\" is no name of this server; write it at admin.hosts if it should be",
                    response,
                    callback);
            return;
        }
        request.getContext().execute(() -> {
            try {
                answer(new Visit(prefix, request, response, callback));
            } catch (Exception | StackOverflowError e) {
                LOG.warn(
                        "{} {} failed",
                        request.getMethod(),
                        request.getHttpURI().getPath(),
                        e);
                Response.writeError(request, response, callback, e);
            }
        });
    }

    /** A request that is on its way. */
    private record Visit(String prefix, Request request, Response response, Callback callback) {
        /** Below the prefix. */
        String path() {
            return String.valueOf(Request.getPathInContext(request)).substring(prefix.length());
        }

        boolean reads() {
            return request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
        }

        void refuse(int status, String message) {
            Rest.refuse(status, message, response, callback);
        }
    }

    private void answer(Visit visit) throws IOException {
        String path = visit.path();
        if (path.isEmpty() || path.equals("/") || path.equals("/console")) {
            Response.sendRedirect(
                    visit.request, visit.response, visit.callback, HttpStatus.FOUND_302, visit.prefix + PAGES, true);
        } else if (path.startsWith(PAGES)) {
            page(path.substring(PAGES.length()), visit);
        } else if (path.equals(Rest.ROOT + "/login")
                && visit.request.getMethod().equals("POST")) {
            login.in(visit.prefix, visit.request, visit.response, visit.callback);
        } else if (path.equals(METRICS)) {
            rest(path, visit);
        } else if (path.startsWith(Rest.ROOT + "/")) {
            rest(path.substring(Rest.ROOT.length()), visit);
        } else if (isManager(path)) {
            manager(path, visit);
        } else {
            visit.refuse(HttpStatus.NOT_FOUND_404, "there is nothing at " + path);
        }
    }

    /** Whether a path is one of Tomcat's manager, below the prefix. */
    public boolean isManager(String path) {
        return path.equals(TextManager.ROOT)
                || path.startsWith(TextManager.ROOT + "/")
                || path.equals(JmxProxy.PATH)
                || path.equals(JmxProxy.PATH + "/");
    }

    /** Answers as Tomcat's manager, whoever asks. */
    public void manage(String path, String user, Request request, Response response, Callback callback) {
        if (!path.startsWith(JmxProxy.PATH)) {
            text.handle(path.substring(TextManager.ROOT.length()), user, request, response, callback);
            return;
        }
        request.getContext().execute(() -> {
            try {
                jmx.answer(new Call(request, response, callback, user));
            } catch (BadCall e) {
                Rest.refuse(e.status(), e.line(), response, callback);
            }
        });
    }

    /** Scripts bring a name and a password with each request, and are asked for them. */
    private void manager(String path, Visit visit) {
        if (!Doorkeeper.hasPassword(visit.request)) {
            visit.response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Basic realm=\"Marina\", charset=\"UTF-8\"");
            visit.refuse(HttpStatus.UNAUTHORIZED_401, "write a name and a password");
            return;
        }
        var unused = door.byPassword(visit.request)
                .whenComplete((visitor, failure) -> visit.request.getContext().execute(() -> {
                    if (failure != null) {
                        Refusals.challenge(failure, visit.response);
                        Refusals.answer(failure, visit.response, visit.callback);
                    } else {
                        manage(path, visitor, visit);
                    }
                }));
    }

    private void manage(String path, Visitor visitor, Visit visit) {
        VerifiedUser.set(visit.request, visitor.user());
        Role role = path.startsWith(JmxProxy.PATH) ? Role.JMX : Role.SCRIPT;
        Optional<String> reason = changes(path, visit) // here, GET changes things
                ? Forgery.reasonOfLink(visitor, visit.request)
                : Forgery.reason(visitor, visit.request);
        if (reason.isPresent()) {
            visit.refuse(HttpStatus.FORBIDDEN_403, reason.get());
        } else if (!visitor.has(role)) {
            visit.refuse(HttpStatus.FORBIDDEN_403, visitor.user() + " has neither the role manager nor " + role);
        } else {
            manage(path, visitor.user(), visit.request, visit.response, visit.callback);
        }
    }

    private static boolean changes(String path, Visit visit) {
        return path.startsWith(JmxProxy.PATH)
                ? JmxProxy.changes(visit.request)
                : TextManager.changes(path.substring(TextManager.ROOT.length()));
    }

    private void page(String file, Visit visit) throws IOException {
        if (!visit.reads()) {
            visit.response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD");
            visit.refuse(HttpStatus.METHOD_NOT_ALLOWED_405, "pages are only read");
        } else if (file.isEmpty() && !door.hasUsers()) {
            visit.response.setStatus(HttpStatus.FORBIDDEN_403);
            visit.response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/html;charset=utf-8");
            String users =
                    server.directories().display(server.host().config().admin().users());
            Content.Sink.write(visit.response, true, NOBODY.formatted(users), visit.callback);
        } else if (!pages.handle(file, visit.request, visit.response, visit.callback)) {
            visit.refuse(HttpStatus.NOT_FOUND_404, "the console has no page " + file);
        }
    }

    private void rest(String path, Visit visit) {
        if (Doorkeeper.hasPassword(visit.request)) {
            var unused = door.byPassword(visit.request)
                    .whenComplete(
                            (visitor, failure) -> visit.request.getContext().execute(() -> {
                                if (failure == null) {
                                    enter(path, visitor, visit);
                                } else {
                                    Refusals.answer(failure, visit.response, visit.callback);
                                }
                            }));
            return;
        }
        Optional<Visitor> known = door.bySession(visit.request);
        if (known.isEmpty()) {
            String how = door.hasUsers() ? "log in" : "nobody can log in yet; make a user with marina.sh htpasswd";
            visit.refuse(HttpStatus.UNAUTHORIZED_401, how);
        } else {
            enter(path, known.get(), visit);
        }
    }

    private void enter(String path, Visitor visitor, Visit visit) {
        VerifiedUser.set(visit.request, visitor.user());
        Optional<String> reason = visit.reads() ? Optional.empty() : Forgery.reason(visitor, visit.request);
        if (reason.isPresent()) {
            visit.refuse(HttpStatus.FORBIDDEN_403, reason.get());
        } else if (path.equals("/session") && visit.reads()) {
            visit.response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
            Call.json(HttpStatus.OK_200, Login.describe(visitor), visit.response, visit.callback);
        } else if (path.equals("/logout") && visit.request.getMethod().equals("POST")) {
            login.out(visit.prefix, visit.request, visit.response, visit.callback);
        } else if (visit.reads() ? !visitor.maySee(path) : !visitor.mayChange()) {
            visit.refuse(HttpStatus.FORBIDDEN_403, visitor.user() + " has no role that may do that");
        } else if (path.equals(METRICS)) {
            server.answerMetrics(visit.request, visit.response, visit.callback);
        } else {
            Asker asker = new Asker(visitor.user(), door.stays(visitor, visit.request));
            rest.handle(path, asker, visit.request, visit.response, visit.callback);
        }
    }

    /** What browsers are told about every answer. */
    private static void protect(HttpFields.Mutable fields) {
        fields.put(
                "Content-Security-Policy",
                "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'");
        fields.put("X-Content-Type-Options", "nosniff");
        fields.put("X-Frame-Options", "DENY");
        fields.put("Referrer-Policy", "no-referrer");
        fields.put("Cross-Origin-Opener-Policy", "same-origin");
        fields.put("Cross-Origin-Resource-Policy", "same-origin");
    }
}
