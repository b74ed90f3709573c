package marina.server;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import marina.config.Cidr;
import marina.config.TrustedProxies;
import marina.config.TrustedProxies.Known;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.QuotedCSV;
import org.jspecify.annotations.Nullable;

/**
 * Whom to believe what about the client: the operator's {@code trusted_proxies}. Immutable.
 *
 * <p>What a proxy has from its client is worth nothing unless that client is trusted too: hence the rightmost address that is
 * not trusted is the client's, and of scheme, host and port the last value counts.
 */
final class ForwardingTrust {
    /**
     * Fly's proxy reaches machines by their private IPv4 address. Its IPv6 network (6PN) is left out on purpose: there,
     * other machines of the organisation talk to this one directly, and could claim anything.
     */
    private static final List<Cidr> FLY = List.of(Cidr.parse("172.16.0.0/12"));

    private static final List<Cidr> LOOPBACK = List.of(Cidr.parse("127.0.0.0/8"), Cidr.parse("::1"));
    private static final Networks NOBODY = new Networks(List.of());
    private static final Pattern LITERAL = Pattern.compile("[0-9.]{7,15}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
    private static final int MOST_HOPS = 100;

    private final boolean empty;
    private final boolean unixSocket;
    private final Networks all;
    private final Networks fly;
    private final Networks cloudflare;

    ForwardingTrust(TrustedProxies proxies) {
        Set<Known> known = proxies.known();
        List<Cidr> ofCloudflare =
                known.contains(Known.CLOUDFLARE) ? Networks.inFile("cloudflare-networks.txt") : List.of();
        List<Cidr> everybody = new ArrayList<>(proxies.networks());
        everybody.addAll(ofCloudflare);
        everybody.addAll(known.contains(Known.FLY) ? FLY : List.of());
        everybody.addAll(known.contains(Known.LOOPBACK) ? LOOPBACK : List.of());
        empty = everybody.isEmpty();
        unixSocket = known.contains(Known.LOOPBACK);
        all = new Networks(everybody);
        fly = known.contains(Known.FLY) ? new Networks(FLY) : NOBODY;
        cloudflare = new Networks(ofCloudflare);
    }

    /**
     * What is believed of a request.
     *
     * @param client the client's address
     * @param hops the trusted proxies between it and this server, the nearest to the client first
     * @param scheme http or https; null when nobody said so
     * @param host host and perhaps port, unchecked; null when nobody said so
     * @param port 0 when nobody said so
     */
    record Belief(InetAddress client, List<String> hops, @Nullable String scheme, @Nullable String host, int port) {}

    /** Whether nobody is trusted. */
    boolean isEmpty() {
        return empty;
    }

    /** Whether a peer is trusted. */
    boolean contains(InetAddress peer) {
        return all.contains(peer);
    }

    /**
     * What this peer may tell us.
     *
     * @param peer who has connected; null for a Unix socket, whose users are this machine's
     * @return empty when it is not trusted
     */
    Optional<Belief> believe(@Nullable InetAddress peer, HttpFields fields) {
        if (peer == null ? !unixSocket : !all.contains(peer)) {
            return Optional.empty();
        }
        InetAddress nearest = peer == null ? InetAddress.getLoopbackAddress() : peer;
        if (fly.contains(nearest) && fields.contains("Fly-Client-IP")) {
            return Optional.of(ofFly(nearest, fields));
        }
        if (cloudflare.contains(nearest)) {
            return Optional.of(ofCloudflare(List.of(nearest), fields));
        }
        return Optional.of(ofOthers(nearest, fields));
    }

    /** Fly passes on the X-Forwarded fields of its clients, so only what it sets itself counts. */
    private Belief ofFly(InetAddress peer, HttpFields fields) {
        InetAddress client = address(fields.get("Fly-Client-IP"));
        if (client == null) {
            return new Belief(peer, List.of(), null, null, 0);
        }
        if (cloudflare.contains(client)) {
            return ofCloudflare(List.of(client, peer), fields);
        }
        String scheme = scheme(fields.get("Fly-Forwarded-Proto"));
        return new Belief(client, List.of(text(peer)), scheme, null, port(fields.get("Fly-Forwarded-Port")));
    }

    private Belief ofCloudflare(List<InetAddress> hops, HttpFields fields) {
        InetAddress client = address(fields.get("CF-Connecting-IP"));
        String visitor = fields.get("CF-Visitor");
        // {"scheme":"https"}; to parse it as JSON would not tell more.
        String scheme = visitor == null ? fields.get("X-Forwarded-Proto") : visitor.replaceAll("[^a-z]|scheme", "");
        if (client == null) {
            return new Belief(hops.get(0), texts(hops.subList(1, hops.size())), scheme(scheme), null, 0);
        }
        return new Belief(client, texts(hops), scheme(scheme), null, 0);
    }

    private Belief ofOthers(InetAddress peer, HttpFields fields) {
        List<String> given = fields.getCSV("X-Forwarded-For", false);
        boolean rfc7239 = given.isEmpty() && fields.contains(HttpHeader.FORWARDED);
        ForwardedField forwarded = rfc7239 ? ForwardedField.of(fields) : ForwardedField.NONE;
        List<InetAddress> hops = new ArrayList<>();
        InetAddress client = peer;
        List<String> nodes = rfc7239 ? forwarded.nodes() : given;
        for (int i = nodes.size() - 1; i >= 0 && hops.size() < MOST_HOPS && all.contains(client); i--) {
            InetAddress next = address(nodes.get(i));
            if (next == null) {
                break; // "unknown" or nonsense: who said so is the last whom we know
            }
            hops.add(0, client);
            client = next;
        }
        if (rfc7239) {
            return new Belief(client, texts(hops), scheme(forwarded.proto()), forwarded.host(), 0);
        }
        return new Belief(
                client,
                texts(hops),
                scheme(last(fields, "X-Forwarded-Proto")),
                last(fields, "X-Forwarded-Host"),
                port(last(fields, "X-Forwarded-Port")));
    }

    private static @Nullable String last(HttpFields fields, String name) {
        List<String> values = fields.getCSV(name, false);
        return values.isEmpty() ? null : values.get(values.size() - 1);
    }

    private static @Nullable String scheme(@Nullable String text) {
        String lower = text == null ? "" : text.strip().toLowerCase(Locale.ENGLISH);
        return lower.equals("http") || lower.equals("https") ? lower : null;
    }

    private static int port(@Nullable String text) {
        boolean number = text != null && text.matches("[1-9][0-9]{0,4}");
        int port = number ? Integer.parseInt(text) : 0;
        return port <= 65_535 ? port : 0;
    }

    /** {@code 1.2.3.4}, {@code 1.2.3.4:56}, {@code ::1} or {@code [::1]:56}; never a name, which would be looked up. */
    static @Nullable InetAddress address(@Nullable String text) {
        if (text == null) {
            return null;
        }
        String literal = text.strip();
        int bracket = literal.indexOf(']');
        if (literal.startsWith("[") && bracket > 0) {
            literal = literal.substring(1, bracket);
        } else if (literal.indexOf('.') > 0 && literal.indexOf(':') == literal.lastIndexOf(':')) {
            literal = literal.indexOf(':') < 0 ? literal : literal.substring(0, literal.indexOf(':'));
        }
        try {
            return LITERAL.matcher(literal).matches() ? InetAddress.getByName(literal) : null;
        } catch (UnknownHostException e) {
            return null;
        }
    }

    private static List<String> texts(List<InetAddress> addresses) {
        return addresses.stream().map(ForwardingTrust::text).toList();
    }

    private static String text(InetAddress address) {
        String text = address.getHostAddress();
        int scope = text.indexOf('%');
        return scope < 0 ? text : text.substring(0, scope);
    }

    /** The elements of Forwarded (RFC 7239). */
    private record ForwardedField(List<String> nodes, @Nullable String proto, @Nullable String host) {
        static final ForwardedField NONE = new ForwardedField(List.of(), null, null);

        static ForwardedField of(HttpFields fields) {
            List<String> nodes = new ArrayList<>();
            String proto = null;
            String host = null;
            QuotedCSV elements = new QuotedCSV(true);
            fields.getFields(HttpHeader.FORWARDED).forEach(field -> elements.addValue(field.getValue()));
            for (String element : elements) {
                for (String pair : element.split(";", -1)) {
                    String[] parts = pair.split("=", 2);
                    String value = parts.length == 2 ? QuotedCSV.unquote(parts[1].strip()) : "";
                    switch (parts[0].strip().toLowerCase(Locale.ENGLISH)) {
                        case "for" -> nodes.add(value);
                        case "proto" -> proto = value;
                        case "host" -> host = value;
                        default -> {} // by, and what others invent
                    }
                }
            }
            return new ForwardedField(nodes, proto, host);
        }
    }
}
