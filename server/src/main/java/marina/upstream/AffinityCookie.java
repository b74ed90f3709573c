package marina.upstream;

import java.time.Instant;
import marina.config.PoolConfig;
import marina.login.Signer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.URIUtil;
import org.jspecify.annotations.Nullable;

/**
 * The cookie that keeps a client at its member: the id of the member and the end of its time, signed, so that nobody can choose
 * a member or keep one for longer than the operator wants. Thread-safe.
 */
final class AffinityCookie {
    private static final String PURPOSE = "member";
    private static final int LONGEST = 200;

    private final PoolConfig.Affinity affinity;
    private final String path;
    private final Signer signer;

    /**
     * The cookie of a context.
     *
     * @param key signs it
     * @param path of the context, for which alone it is good
     */
    AffinityCookie(PoolConfig.Affinity affinity, byte[] key, String path) {
        this.affinity = affinity;
        this.path = path;
        this.signer = new Signer(key, "affinity\0" + path);
    }

    /**
     * Where a client belongs.
     *
     * @param member its id
     * @param end of its time, in seconds since 1970; 0 for none
     */
    record Home(String member, long end) {}

    /** What the client's cookie says; null when it has none that is valid. There may be others of the same name. */
    @Nullable
    Home read(Request request) {
        for (HttpField field : request.getHeaders()) {
            String cookies = field.getHeader() == HttpHeader.COOKIE ? field.getValue() : null;
            if (cookies != null && cookies.contains(affinity.cookie())) {
                Home home = read(cookies);
                if (home != null) {
                    return home;
                }
            }
        }
        return null;
    }

    private @Nullable Home read(String cookies) {
        for (String cookie : cookies.split(";", -1)) {
            int equals = cookie.indexOf('=');
            if (equals > 0
                    && cookie.length() < affinity.cookie().length() + LONGEST
                    && cookie.substring(0, equals).strip().equals(affinity.cookie())) {
                Home home = verify(cookie.substring(equals + 1).strip());
                if (home != null) {
                    return home;
                }
            }
        }
        return null;
    }

    private @Nullable Home verify(String value) {
        String text = signer.verify(PURPOSE, value);
        if (text == null) {
            return null;
        }
        int blank = text.indexOf(' '); // it was signed here, so it has the form that is made below
        long end = Long.parseLong(text.substring(blank + 1));
        return end != 0 && end <= now() ? null : new Home(text.substring(0, blank), end);
    }

    /** Whether less than half of its time is left. */
    boolean isOld(Home home) {
        return home.end != 0 && home.end - now() < affinity.ttl().toSeconds() / 2.0;
    }

    /** Makes a client belong to a member, but for an answer that caches may keep for everybody. */
    void write(Request request, HttpFields.Mutable answer, String member) {
        if (isForEverybody(answer)) {
            return;
        }
        long age = affinity.ttl().toSeconds();
        long end = age == 0 ? 0 : now() + age;
        String value = signer.sign(PURPOSE, member + " " + end);
        answer.add(
                HttpHeader.SET_COOKIE,
                affinity.cookie() + "=" + value + "; Path=" + URIUtil.encodePath(path)
                        + (age == 0 ? "" : "; Max-Age=" + age) + "; HttpOnly; SameSite=Lax"
                        + (request.isSecure() ? "; Secure" : ""));
    }

    private static boolean isForEverybody(HttpFields answer) {
        return answer.contains(HttpHeader.CACHE_CONTROL, "public")
                || answer.getValuesList(HttpHeader.CACHE_CONTROL).stream()
                        .anyMatch(value -> value.contains("s-maxage"));
    }

    private static long now() {
        return Instant.now().getEpochSecond();
    }
}
