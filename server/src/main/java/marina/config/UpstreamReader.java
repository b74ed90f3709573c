package marina.config;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Reads {@code upstream}: a URL, a mapping with {@code url}, or a pool. */
final class UpstreamReader {
    private UpstreamReader() {}

    static Optional<Content> read(Section s) {
        Optional<Value> written = s.written("upstream");
        if (written.isEmpty()) {
            return Optional.empty();
        }
        if (written.get() instanceof Value.Scalar) {
            return s.value("upstream", Texts::url).map(Content.Upstream::new);
        }
        return s.section("upstream", UpstreamReader::pool);
    }

    private static Optional<Content> pool(Section s) {
        Optional<URI> url = s.value("url", Texts::url);
        List<PoolConfig.Member> members = s.sections("members", UpstreamReader::member);
        PoolConfig pool = new PoolConfig(
                members,
                s.value("steering", Texts.choice(PoolConfig.Steering.class), PoolConfig.Steering.ROUND_ROBIN),
                s.has("affinity") ? s.section("affinity", UpstreamReader::affinity) : PoolConfig.NONE.affinity(),
                s.has("check") ? s.section("check", UpstreamReader::check) : PoolConfig.NONE.check(),
                s.value("fallback", Texts::url, PoolConfig.NONE.fallback()));
        if (s.has("url") == s.has("members")) {
            s.problem("members", "needs either url or members, e.g. url: http://127.0.0.1:9000");
            return Optional.empty();
        }
        if (s.has("members")) {
            return members.stream().findFirst().map(first -> new Content.Upstream(first.url(), pool));
        }
        return url.map(one -> new Content.Upstream(one, pool));
    }

    private static Optional<PoolConfig.Member> member(Section s) {
        double weight = s.value("weight", Texts::weight, 1.0);
        if (!s.has("url")) {
            s.problem("url", "needs url, e.g. url: http://10.0.0.1:80");
        }
        return s.value("url", Texts::url).map(url -> new PoolConfig.Member(url, weight));
    }

    private static PoolConfig.Affinity affinity(Section s) {
        return new PoolConfig.Affinity(
                s.value("cookie", UpstreamReader::cookieName, "__marina_lb"),
                s.value("ttl", DurationText::parse, Duration.ZERO));
    }

    static String cookieName(String text) {
        if (!text.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]+")) {
            throw BadText.of("is no name of a cookie");
        }
        return text;
    }

    private static PoolConfig.Check check(Section s) {
        return new PoolConfig.Check(
                s.value("path", Texts::requestPath, "/"),
                s.value("interval", DurationText::parse, Duration.ofSeconds(60)),
                s.value("timeout", DurationText::parse, Duration.ofSeconds(5)),
                s.number("retries", 0, 100, 2),
                s.number("expect", 100, 599, 200));
    }
}
