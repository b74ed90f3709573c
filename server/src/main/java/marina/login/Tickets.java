package marina.login;

import com.github.benmanes.caffeine.cache.Cache;
import java.time.Clock;
import java.time.Duration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;

/**
 * Signed texts that only the browser can bring back that they were made for: a cookie binds them to it. They keep a form from being
 * sent by the page of another server, and a login from being finished in another browser than it was begun in. Thread-safe.
 */
final class Tickets {
    private static final String STEP = "browser";
    private static final String BROWSER = "browser";
    private static final String TICKET = "ticket";
    private static final Duration COOKIE_AGE = Duration.ofDays(1);
    private static final int PARTS = 4;

    private final Signer signer;
    private final LoginCookies cookies;
    private final Cache<String, Boolean> used;
    private final Clock clock = Clock.systemUTC();

    /**
     * Tickets of a login.
     *
     * @param used remembers those that are good once only
     */
    Tickets(Signer signer, LoginCookies cookies, Cache<String, Boolean> used) {
        this.signer = signer;
        this.cookies = cookies;
        this.used = used;
    }

    /** Makes a ticket, and the cookie for it when the browser has none yet: all tabs share one. */
    String issue(Request request, Response response, Duration age, String content) {
        String browser = cookies.steps(request, STEP).stream()
                .filter(this::isOurs)
                .findFirst()
                .orElseGet(() -> signer.sign(BROWSER, signer.random()));
        cookies.setStep(request, response, STEP, browser, COOKIE_AGE);
        long expires = clock.instant().plus(age).getEpochSecond();
        return signer.sign(TICKET, String.join("|", signer.random(), Long.toString(expires), bound(browser), content));
    }

    /** The content of a ticket; null when it was not made here, or for another browser, or too long ago. */
    @Nullable
    String content(Request request, @Nullable String ticket) {
        String text = ticket == null ? null : signer.verify(TICKET, ticket);
        String[] parts = text == null ? new String[0] : text.split("\\|", PARTS);
        if (parts.length < PARTS || Long.parseLong(parts[1]) <= clock.instant().getEpochSecond()) {
            return null;
        }
        boolean sameBrowser = cookies.steps(request, STEP).stream()
                .filter(this::isOurs)
                .anyMatch(browser -> Signer.same(bound(browser), parts[2]));
        return sameBrowser ? parts[PARTS - 1] : null;
    }

    /** The same for a ticket that is good once only. */
    @Nullable
    String contentOnce(Request request, @Nullable String ticket) {
        String content = content(request, ticket);
        return content != null
                        && ticket != null
                        && used.asMap().putIfAbsent(signer.digest("used", ticket), Boolean.TRUE) == null
                ? content
                : null;
    }

    /** What only this server can tell of a ticket. */
    String derived(String purpose, String ticket) {
        return signer.digest(purpose, ticket);
    }

    private boolean isOurs(String browser) {
        return signer.verify(BROWSER, browser) != null;
    }

    private String bound(String browser) {
        return signer.digest("bound", browser);
    }
}
