package marina.login;

import com.github.benmanes.caffeine.cache.Cache;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import marina.config.SessionConfig;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;

/** Begins, recognises, renews and ends the sessions of one login. Thread-safe. */
final class Sessions {
    private static final String PURPOSE = "session";
    private static final String MARK = "mark";

    /** More cookies of one name than paths have is somebody's attempt to keep us busy. */
    private static final int MOST_TRIED = 8;

    private final SessionConfig config;
    private final Signer signer;
    private final LoginCookies cookies;
    private final Cache<String, Boolean> ended;
    private final Clock clock = Clock.systemUTC();

    /**
     * Sessions of a login.
     *
     * @param ended remembers the sessions that somebody has logged out of, for all logins of the server
     */
    Sessions(SessionConfig config, Signer signer, LoginCookies cookies, Cache<String, Boolean> ended) {
        this.config = config;
        this.signer = signer;
        this.cookies = cookies;
        this.ended = ended;
    }

    /** The session that a request belongs to; null when it has no cookie, or none that is valid. */
    @Nullable
    Session of(Request request) {
        int tried = 0;
        for (String value : cookies.sessions(request)) {
            if (tried++ == MOST_TRIED) {
                return null;
            }
            String text = signer.verify(PURPOSE, value);
            Session session = text == null ? null : Session.parse(text);
            if (session != null && clock.instant().isBefore(end(session)) && ended.getIfPresent(session.id()) == null) {
                return session;
            }
        }
        return null;
    }

    /** Whether the user is still recognised by the same as at the login. */
    boolean isStillOf(Session session, String mark) {
        return Signer.same(session.mark(), signer.digest(MARK, mark));
    }

    /** Makes the user known from the next request on. */
    void begin(Request request, Response response, String user, String mark) {
        Instant now = clock.instant();
        String id = signer.random();
        send(request, response, session(id, now, signer.digest(MARK, mark), user));
    }

    /** Whether the cookie should be made anew, so that the session of somebody who is there does not end. */
    boolean isDue(Session session) {
        Instant now = clock.instant();
        Duration half = Duration.between(session.renewed(), session.expires()).dividedBy(2);
        Instant next = session(session.id(), session.begun(), session.mark(), session.user())
                .expires();
        return now.isAfter(session.renewed().plus(half)) && next.isAfter(session.expires());
    }

    void renew(Request request, Response response, Session session) {
        send(request, response, session(session.id(), session.begun(), session.mark(), session.user()));
    }

    /** Ends the session, whoever else has its cookie. */
    void end(Request request, Response response) {
        Session session = of(request);
        if (session != null) {
            ended.put(session.id(), Boolean.TRUE);
        }
        cookies.clearSession(request, response);
    }

    /** A shorter time that has been configured since counts at once. */
    private Instant end(Session session) {
        return earlier(session.expires(), last(session.begun(), session.renewed()));
    }

    private Instant last(Instant begun, Instant renewed) {
        return earlier(renewed.plus(config.ttl()), begun.plus(config.maxTtl()));
    }

    private Session session(String id, Instant begun, String mark, String user) {
        Instant now = clock.instant();
        return new Session(id, begun, now, last(begun, now), mark, user);
    }

    private void send(Request request, Response response, Session session) {
        Duration age = Duration.between(session.renewed(), session.expires());
        cookies.setSession(request, response, signer.sign(PURPOSE, session.text()), age);
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
