package marina.login;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.MimeTypes;
import org.eclipse.jetty.server.FormFields;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;

/** Asks for name and password in a page. Thread-safe. */
final class FormLogin implements LoginMethod {
    private static final int LARGEST_BODY = 8 * 1024;
    private static final int MOST_FIELDS = 16;
    private static final String TICKET = "form";
    private static final Duration FORM_AGE = Duration.ofDays(1);
    private static final int RETRY_SECONDS = 60;

    private static final String WRONG = "The name or the password is wrong.";
    private static final String STALE =
            "This form could not be used any more. Please allow cookies for this site and try again.";
    private static final String TOO_MANY = "There were too many wrong passwords. Please try again in a minute.";

    private final Places places;
    private final LoginPages pages;
    private final Tickets tickets;
    private final Sessions sessions;
    private final Credentials credentials;
    private final Answers answers;

    FormLogin(Places places, LoginPages pages, BrowserState state, Credentials credentials, Answers answers) {
        this.places = places;
        this.pages = pages;
        this.tickets = state.tickets();
        this.sessions = state.sessions();
        this.credentials = credentials;
        this.answers = answers;
    }

    /** What users are known by. */
    record Credentials(PasswordCheck passwords, Users users) {}

    @Override
    public void login(Exchange exchange) {
        Request request = exchange.request();
        if (Origins.isSafe(request)) {
            String target = places.target(ReturnPath.parameter(request, ReturnPath.NAME));
            show(HttpStatus.OK_200, new Attempt("", "", target), "", exchange);
        } else if (!HttpMethod.POST.is(request.getMethod())) {
            answers.methodNotAllowed("GET, HEAD, POST", exchange);
        } else {
            accept(exchange);
        }
    }

    @Override
    public void comeBack(Exchange exchange) {
        answers.error(HttpStatus.NOT_FOUND_404, exchange);
    }

    @Override
    public Optional<String> farewell() {
        return Optional.empty();
    }

    private void accept(Exchange exchange) {
        Request request = exchange.request();
        String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
        if (type == null || !MimeTypes.Type.FORM_ENCODED.is(MimeTypes.getContentTypeWithoutCharset(type))) {
            answers.error(HttpStatus.UNSUPPORTED_MEDIA_TYPE_415, exchange);
        } else if (request.getLength() > LARGEST_BODY) {
            answers.error(HttpStatus.PAYLOAD_TOO_LARGE_413, exchange);
        } else if (Origins.isForeign(request)) {
            answers.error(HttpStatus.FORBIDDEN_403, exchange);
        } else {
            FormFields.onFields(
                    request,
                    StandardCharsets.UTF_8,
                    MOST_FIELDS,
                    LARGEST_BODY,
                    Promise.Invocable.from(
                            InvocationType.NON_BLOCKING,
                            fields -> exchange.guard(() -> check(fields, exchange)),
                            failure -> answers.error(HttpStatus.BAD_REQUEST_400, exchange)));
        }
    }

    private void check(Fields fields, Exchange exchange) {
        Request request = exchange.request();
        Attempt attempt = new Attempt(
                text(fields, "username").strip(),
                text(fields, "password"),
                places.target(text(fields, ReturnPath.NAME)));
        if (!TICKET.equals(tickets.content(request, text(fields, "token")))) {
            show(HttpStatus.FORBIDDEN_403, attempt, STALE, exchange);
            return;
        }
        // Asked first: should the password change meanwhile, the session is one of the old password and worth nothing.
        CompletableFuture<Optional<String>> mark = credentials.users.mark(attempt.user);
        CompletableFuture<Boolean> verdict =
                credentials.passwords.ask(attempt.user, attempt.password, Request.getRemoteAddr(request));
        if (verdict == null) {
            exchange.response().getHeaders().put(HttpHeader.RETRY_AFTER, RETRY_SECONDS);
            show(HttpStatus.TOO_MANY_REQUESTS_429, attempt, TOO_MANY, exchange);
            return;
        }
        var unused = verdict.thenCombine(mark, (right, known) -> right ? known : Optional.<String>empty())
                .whenComplete((known, failure) -> exchange.later(() -> {
                    if (failure == null) {
                        decided(known, attempt, exchange);
                    } else {
                        answers.error(HttpStatus.SERVICE_UNAVAILABLE_503, exchange);
                    }
                }));
    }

    private void decided(Optional<String> mark, Attempt attempt, Exchange exchange) {
        if (mark.isEmpty()) {
            answers.challenge(exchange.response());
            show(HttpStatus.UNAUTHORIZED_401, attempt, WRONG, exchange);
        } else {
            VerifiedUser.set(exchange.request(), attempt.user);
            sessions.begin(exchange.request(), exchange.response(), attempt.user, mark.get());
            Answers.redirect(HttpStatus.SEE_OTHER_303, attempt.target, exchange);
        }
    }

    private void show(int status, Attempt attempt, String message, Exchange exchange) {
        String token = tickets.issue(exchange.request(), exchange.response(), FORM_AGE, TICKET);
        LoginPages.Form form = new LoginPages.Form(token, attempt.target, attempt.user, message);
        if (pages.needsDisk()) {
            exchange.later(() -> pages.form(status, form, exchange));
        } else {
            pages.form(status, form, exchange);
        }
    }

    private static String text(Fields fields, String name) {
        Fields.Field field = fields.get(name);
        return field == null || field.getValue() == null ? "" : field.getValue();
    }

    /** What somebody has typed, and where to go after it. */
    private record Attempt(String user, String password, String target) {
        @Override
        public String toString() {
            return user;
        }
    }
}
