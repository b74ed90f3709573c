package marina.config;

import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads {@code upstream}: a URL, a mapping with {@code url}, or a pool. */
final class UpstreamReader {
    private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(100);
    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(60);
    private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration AFFINITY = Duration.ofMinutes(30);
    private static final int MOST_MEMBERS = 1_000;
    private static final int MOST_IN_A_ROW = 1_000;

    private UpstreamReader() {}

    static Optional<Content> read(Section s) {
        Optional<Value> written = s.written("upstream");
        if (written.isEmpty()) {
            return Optional.empty();
        }
        if (written.get() instanceof Value.Scalar) {
            return s.value("upstream", Texts::url).map(Content.Upstream::new);
        }
        return s.section("upstream", UpstreamReader::mapping);
    }

    private static Optional<Content> mapping(Section s) {
        Optional<URI> url = s.value("url", Texts::url);
        List<PoolConfig.Member> written = s.sections("members", UpstreamReader::member);
        List<PoolConfig.Member> members = s.has("members")
                ? written
                : url.map(one -> new PoolConfig.Member(one, 1.0, "")).stream().toList();
        PoolConfig pool = new PoolConfig(
                members,
                s.value("steering", UpstreamReader::steering, PoolConfig.NONE.steering()),
                s.has("affinity") ? s.section("affinity", UpstreamReader::affinity) : PoolConfig.Affinity.NONE,
                s.has("check") ? s.section("check", UpstreamReader::check) : PoolConfig.Check.NONE,
                s.section("ejection", UpstreamReader::ejection),
                s.value("fallback", Texts::url, PoolConfig.NONE.fallback()),
                s.flag("served_by", false),
                s.value("websocket_ping", UpstreamReader::ping, PoolConfig.NONE.websocketPing()));
        if (s.has("url") == s.has("members")) {
            s.problem("members", "needs either url or members, e.g. url: http://127.0.0.1:9000");
            return Optional.empty();
        }
        if (isSingle(s)) {
            return url.map(Content.Upstream::new);
        }
        checkMembers(s, members);
        return members.stream().findFirst().map(first -> new Content.Upstream(first.url(), pool));
    }

    /** A URL beside which nothing says more; with more, it is a pool of one. */
    private static boolean isSingle(Section s) {
        return s.has("url")
                && s.mapping().entries().keySet().stream().noneMatch(key -> !key.equals("url") && s.has(key));
    }

    private static void checkMembers(Section s, List<PoolConfig.Member> members) {
        Set<URI> urls = new HashSet<>();
        members.stream()
                .filter(member -> !urls.add(member.url()))
                .findFirst()
                .ifPresent(twice -> s.problem(
                        "members",
                        "have " + Secrets.quote(twice.url().toString()) + " twice; write it once, with a weight"));
        if (!members.isEmpty() && members.stream().allMatch(member -> member.weight() == 0)) {
            s.problem("members", "have all the weight 0, so that nobody would get a request; give one more than 0");
        }
        if (members.size() > MOST_MEMBERS) {
            s.problem("members", "are more than " + MOST_MEMBERS);
        }
    }

    private static Optional<PoolConfig.Member> member(Section s) {
        double weight = s.value("weight", Texts::weight, 1.0);
        String host = s.value("host", UpstreamReader::host, "");
        if (!s.has("url")) {
            s.problem("url", "needs url, e.g. url: http://10.0.0.1:80");
        }
        return s.value("url", Texts::url).map(url -> new PoolConfig.Member(url, weight, host));
    }

    private static String host(String text) {
        if (!text.matches("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(:\\d{1,5})?")) {
            throw BadText.of("is no host; write one with or without a port, e.g. shop.example.com");
        }
        return text;
    }

    private static PoolConfig.Steering steering(String text) {
        String name = text.equals("least_connections") ? "least_requests" : text; // what it was called first
        return Texts.choice(PoolConfig.Steering.class).parse(name);
    }

    private static Duration ping(String text) {
        Duration duration = DurationText.parse(text);
        if (!duration.isZero() && duration.compareTo(SHORTEST_INTERVAL) < 0) {
            throw BadText.of("is too often; write e.g. 30s, or 0 for never");
        }
        return duration;
    }

    private static PoolConfig.Affinity affinity(Section s) {
        return new PoolConfig.Affinity(
                s.value("cookie", UpstreamReader::cookieName, "__marina_lb"),
                s.value("ttl", UpstreamReader::ttl, AFFINITY),
                s.value("failover", Texts.choice(PoolConfig.Failover.class), PoolConfig.Failover.STICKY),
                LoginReader.signingSecret(s, "secret"));
    }

    static String cookieName(String text) {
        if (!text.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]+")) {
            throw BadText.of("is no name of a cookie");
        }
        return text;
    }

    private static Duration ttl(String text) {
        Duration ttl = DurationText.parse(text);
        if (!ttl.isZero() && ttl.compareTo(Duration.ofSeconds(1)) < 0) {
            throw BadText.of("is too short for a cookie; write e.g. 30m, or 0 for as long as the browser is open");
        }
        return ttl;
    }

    private static PoolConfig.Check check(Section s) {
        PoolConfig.Question question = new PoolConfig.Question(
                s.value("method", UpstreamReader::method, "GET"),
                s.value("path", Texts::requestPath, "/"),
                s.number("port", 1, 65_535, 0),
                HeaderReader.constants(s, "headers"),
                s.flag("follow_redirects", false));
        List<PoolConfig.StatusRange> statuses = s.list("expect", UpstreamReader::status);
        String body = s.text("expect_body", "");
        if (!body.isEmpty() && question.method().equals("HEAD")) {
            s.problem("expect_body", "is never there with the method HEAD; write method: GET, or remove it");
        }
        return new PoolConfig.Check(
                question,
                s.value("interval", UpstreamReader::interval, CHECK_INTERVAL),
                s.value("timeout", UpstreamReader::interval, CHECK_TIMEOUT),
                s.number("retries", 0, 100, 2),
                s.number("consecutive_up", 1, MOST_IN_A_ROW, 1),
                s.number("consecutive_down", 1, MOST_IN_A_ROW, 1),
                new PoolConfig.Expect(
                        statuses.isEmpty() ? List.of(new PoolConfig.StatusRange(200, 200)) : statuses, body));
    }

    private static String method(String text) {
        List<String> methods = List.of("GET", "HEAD", "OPTIONS");
        if (!methods.contains(text)) {
            throw Texts.notOneOf(methods, text);
        }
        return text;
    }

    private static Duration interval(String text) {
        Duration interval = DurationText.parse(text);
        if (interval.compareTo(SHORTEST_INTERVAL) < 0) {
            throw BadText.of("is too short; write 100ms or more, e.g. 5s");
        }
        return interval;
    }

    private static PoolConfig.StatusRange status(String text) {
        if (text.matches("[1-5]xx")) {
            int first = (text.charAt(0) - '0') * 100;
            return new PoolConfig.StatusRange(first, first + 99);
        }
        if (!text.matches("[1-5]\\d\\d")) {
            throw BadText.of("is no status; write e.g. 200, 2xx, or [200, 204]");
        }
        int status = Integer.parseInt(text);
        return new PoolConfig.StatusRange(status, status);
    }

    private static PoolConfig.Ejection ejection(Section s) {
        PoolConfig.Ejection absent = PoolConfig.NONE.ejection();
        return new PoolConfig.Ejection(
                s.number("failures", 0, MOST_IN_A_ROW, absent.failures()),
                s.value("time", UpstreamReader::interval, absent.time()));
    }
}
