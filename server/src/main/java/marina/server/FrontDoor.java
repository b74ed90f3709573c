package marina.server;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.function.Supplier;
import marina.config.TrustedProxies;
import marina.machine.Activity;
import marina.metrics.Journey;
import marina.proxy.CanonicalPath;
import marina.proxy.ClientFields;
import marina.proxy.HeadChanges;
import marina.proxy.RequestId;
import marina.tracing.Tracing;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpScheme;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.internal.ResponseHttpFields;
import org.eclipse.jetty.util.HostPort;
import org.jspecify.annotations.Nullable;

/**
 * What every request passes before anybody looks at it: the path becomes canonical, the client is who a trusted proxy says
 * it is and nobody else, claims of the client about itself are dropped, the request gets its id. A customizer of Jetty's, so
 * that handlers, the access log and web applications all see the same request. Thread-safe.
 */
final class FrontDoor implements HttpConfiguration.Customizer {
    private static final int LONGEST_NAME = 255;
    private static final int LONGEST_LITERAL = 45;
    private static final int LAST_PORT = 65_535;

    private final Supplier<TrustedProxies> trusted;
    private final ServerHeads heads;
    private final Activity activity;
    private final Supplier<@Nullable Tracing> tracing;
    private volatile Compiled compiled;

    /** @param tracing makes requests part of traces; gives null when nobody does */
    FrontDoor(
            Supplier<TrustedProxies> trusted,
            ServerHeads heads,
            Activity activity,
            Supplier<@Nullable Tracing> tracing) {
        this.tracing = tracing;
        this.trusted = trusted;
        this.heads = heads;
        this.activity = activity;
        this.compiled = Compiled.of(trusted.get());
    }

    /** What is believed at present; follows a reload. */
    ForwardingTrust trust() {
        TrustedProxies current = trusted.get();
        Compiled known = compiled;
        if (!known.proxies.equals(current)) { // of the same configuration all parts are the same
            known = Compiled.of(current);
            compiled = known;
        }
        return known.trust;
    }

    @Override
    public Request customize(Request request, HttpFields.Mutable responseHeaders) {
        boolean changes = heads.begin(request);
        HttpURI sent = request.getHttpURI();
        requireHost(request.getHeaders().get(HttpHeader.HOST), sent);
        HttpURI target = CanonicalPath.of(sent);
        if (sent.hasAmbiguousEmptySegment()) {
            CanonicalPath.keepRaw(request, sent);
        }
        HttpField id = RequestId.field(request.getHeaders());
        responseHeaders.put(new ResponseHttpFields.PersistentHttpField(id));
        ForwardingTrust trust = trust();
        ForwardingTrust.Belief belief = trust.isEmpty() ? null : belief(trust, request);
        if (belief != null) {
            ClientFields.keepHops(request, belief.hops());
        }
        String host = belief == null || belief.host() == null || !isAuthority(belief.host()) ? null : belief.host();
        HttpFields fields = ClientFields.clean(request.getHeaders(), id, host);
        Journey journey = new Journey();
        Tracing traces = tracing.get();
        if (traces != null) {
            fields = traces.begin(request.getMethod(), fields, journey);
        }
        Request guarded =
                new GuardedRequest(request, uri(request, target, belief, host), fields, belief, activity, journey);
        if (changes) {
            HeadChanges.know(guarded);
        }
        return guarded;
    }

    private static ForwardingTrust.@Nullable Belief belief(ForwardingTrust trust, Request request) {
        SocketAddress remote = request.getConnectionMetaData().getRemoteSocketAddress();
        InetAddress peer = remote instanceof InetSocketAddress internet ? internet.getAddress() : null;
        return trust.believe(peer, request.getHeaders()).orElse(null);
    }

    /** The scheme is the connection's or the believed one, never that of an absolute target (RFC 9110 section 7.4). */
    private static HttpURI uri(
            Request request, HttpURI target, ForwardingTrust.@Nullable Belief belief, @Nullable String host) {
        String told = belief == null ? null : belief.scheme();
        HttpScheme scheme = (told == null && request.getConnectionMetaData().isSecure()) || "https".equals(told)
                ? HttpScheme.HTTPS
                : HttpScheme.HTTP;
        boolean sameScheme = scheme.is(target.getScheme());
        boolean samePort = belief == null || belief.port() == 0;
        if ((sameScheme && host == null && samePort) || target.getPath() == null) {
            return target;
        }
        HostPort authority = host == null ? new HostPort(target.getHost(), target.getPort()) : new HostPort(host);
        int port = authority.getPort();
        if (port <= 0 && belief != null) {
            port = belief.port();
        }
        boolean usual = port == scheme.getDefaultPort();
        return HttpURI.build(target)
                .scheme(scheme)
                .authority(authority.getHost(), usual ? 0 : port)
                .asImmutable();
    }

    private static void requireHost(@Nullable String host, HttpURI target) {
        if (host != null && !host.isEmpty() && !isAuthority(host)) {
            throw new HttpException.RuntimeException(HttpStatus.BAD_REQUEST_400, "the Host field is not a host");
        }
        String authority = target.getAuthority();
        if (authority != null && !authority.equals(host) && !isAuthority(authority)) {
            throw new HttpException.RuntimeException(HttpStatus.BAD_REQUEST_400, "the target names no host");
        }
    }

    /** A name, an IPv4 address or an IPv6 address in brackets, and perhaps a port (RFC 9110 section 7.2). Asked for every request. */
    private static boolean isAuthority(String text) {
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            return end >= 3 && end <= LONGEST_LITERAL + 1 && isLiteral(text, end) && isPort(text, end + 1);
        }
        int end = 0;
        while (end < text.length() && isOfName(text.charAt(end))) {
            end++;
        }
        return end >= 1 && end <= LONGEST_NAME && isPort(text, end);
    }

    private static boolean isLiteral(String text, int end) {
        for (int i = 1; i < end; i++) {
            char c = text.charAt(i);
            boolean hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
            if (!hex && c != ':' && c != '.') {
                return false;
            }
        }
        return true;
    }

    private static boolean isOfName(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= '0' && c <= '9')
                || (c >= 'A' && c <= 'Z')
                || c == '.'
                || c == '-'
                || c == '_'
                || c == '~';
    }

    /** A colon and one to five digits, or nothing at all. */
    private static boolean isPort(String text, int colon) {
        int digits = text.length() - colon - 1;
        if (digits < 0) {
            return true;
        }
        if (text.charAt(colon) != ':' || digits == 0 || digits > 5) {
            return false;
        }
        int port = 0;
        for (int i = colon + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return false;
            }
            port = port * 10 + c - '0';
        }
        return port <= LAST_PORT;
    }

    /** Networks that are ready to be asked, and what they were made from. */
    private record Compiled(TrustedProxies proxies, ForwardingTrust trust) {
        static Compiled of(TrustedProxies proxies) {
            return new Compiled(proxies, new ForwardingTrust(proxies));
        }
    }
}
