package marina.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads and prints {@code cable}. */
final class CableReader {
    private static final Duration PING = Duration.ofSeconds(30);
    private static final URI NO_RELAY = URI.create("");
    private static final int MOST_SOCKETS = 1_000_000;
    private static final int MOST_SUBSCRIPTIONS = 10_000;
    private static final int LONGEST_QUEUE = 65_536;
    private static final long LARGEST = 64L << 20;
    private static final Pattern WILD = Pattern.compile("(?i)(https?://)\\*\\.([a-z0-9.-]+(:[0-9]{1,5})?)");

    private CableReader() {}

    static CableConfig read(Section s) {
        CableConfig cable = new CableConfig(
                s.value("path", CableReader::path, ""),
                s.value("broadcast_path", CableReader::path, "/_broadcast"),
                s.flag("shared", false),
                s.flag("require_token", true),
                LoginReader.signingSecret(s, "secret"),
                s.list("origins", CableReader::origin),
                s.value("ping", CableReader::interval, PING),
                s.value("relay", CableReader::relay, NO_RELAY),
                limits(s));
        if (cable.enabled() && cable.path().equals(cable.broadcastPath())) {
            s.problem("broadcast_path", "is the path of the sockets, too; write another one, e.g. /_broadcast");
        }
        return cable;
    }

    private static CableConfig.Limits limits(Section s) {
        return new CableConfig.Limits(
                s.number("max_sockets", 1, MOST_SOCKETS, 20_000),
                s.number("max_sockets_per_address", 0, MOST_SOCKETS, 2_000),
                s.number("max_subscriptions", 1, MOST_SUBSCRIPTIONS, 100),
                s.value("max_message", CableReader::size, 128L << 10),
                s.value("max_broadcast", CableReader::size, 1L << 20),
                s.number("queue", 1, LONGEST_QUEUE, 256));
    }

    private static String path(String text) {
        if (!text.startsWith("/") || text.endsWith("/") || text.contains("?")) {
            throw BadText.of("is not the path of a socket; write e.g. /cable, without a slash at the end");
        }
        return Texts.contextPath(text).value();
    }

    private static URI relay(String text) {
        try {
            URI server = new URI(text);
            boolean known = "nats".equals(server.getScheme()) || "tls".equals(server.getScheme());
            if (known && server.getHost() != null && server.getRawPath().isEmpty()) {
                return server;
            }
        } catch (URISyntaxException e) {
            // said below, as for a URL of another form
        }
        throw BadText.of("is not the URL of a NATS server; write e.g. nats://10.0.0.5:4222, or tls://…");
    }

    private static Duration interval(String text) {
        Duration interval = DurationText.parse(text);
        if (interval.compareTo(Duration.ofSeconds(1)) < 0 || interval.compareTo(Duration.ofHours(1)) > 0) {
            throw BadText.of("is not between 1s and 1h; write e.g. 30s");
        }
        return interval;
    }

    private static long size(String text) {
        long bytes = SizeText.parse(text);
        if (bytes < 1 || bytes > LARGEST) {
            throw BadText.of("is not between 1 byte and " + SizeText.format(LARGEST) + "; write e.g. 128K");
        }
        return bytes;
    }

    /** As browsers write it (RFC 6454 section 6.2), perhaps with a star for all names below a domain. */
    private static String origin(String text) {
        if (text.equals("*")) {
            return text;
        }
        try {
            URI url = new URI(WILD.matcher(text).replaceFirst("$1$2"));
            boolean http = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
            if (http && url.getHost() != null && url.getRawUserInfo() == null && isBare(url)) {
                return text.toLowerCase(Locale.ROOT);
            }
        } catch (URISyntaxException e) {
            // said below, as for a text of another form
        }
        throw BadText.of("is not the origin of pages; write e.g. https://app.example.com, https://*.example.com or *");
    }

    private static boolean isBare(URI url) {
        return url.getRawPath().isEmpty() && url.getRawQuery() == null && url.getRawFragment() == null;
    }

    static Object dump(CableConfig cable) {
        Map<String, Object> result = new LinkedHashMap<>();
        if (cable.enabled()) {
            result.put("path", DumpText.text(cable.path()));
        }
        result.put("broadcast_path", DumpText.text(cable.broadcastPath()));
        result.put("shared", cable.shared());
        result.put("require_token", cable.requireToken());
        if (cable.secret().isPresent()) {
            result.put("secret", cable.secret().toString());
        }
        result.put("origins", cable.origins().stream().map(DumpText::text).toList());
        result.put("ping", DurationText.format(cable.ping()));
        if (!cable.relay().equals(NO_RELAY)) {
            result.put("relay", Secrets.maskUrl(cable.relay().toString()));
        }
        result.put("max_sockets", cable.limits().sockets());
        result.put("max_sockets_per_address", cable.limits().socketsPerAddress());
        result.put("max_subscriptions", cable.limits().subscriptions());
        result.put("max_message", SizeText.format(cable.limits().message()));
        result.put("max_broadcast", SizeText.format(cable.limits().broadcast()));
        result.put("queue", cable.limits().queue());
        return result;
    }
}
