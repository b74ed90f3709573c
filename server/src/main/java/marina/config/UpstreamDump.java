package marina.config;

import java.util.LinkedHashMap;
import java.util.Map;

/** Prints {@code upstream}, without the secret of its cookie. */
final class UpstreamDump {
    private UpstreamDump() {}

    static Object of(Content.Upstream upstream) {
        PoolConfig pool = upstream.pool();
        if (pool.equals(PoolConfig.NONE)) {
            return DumpText.uri(upstream.url());
        }
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("members", pool.members().stream().map(UpstreamDump::member).toList());
        result.put("steering", Texts.choiceName(pool.steering()));
        if (pool.affinity().isOn()) {
            result.put("affinity", affinity(pool.affinity()));
        }
        if (pool.check().isOn()) {
            result.put("check", check(pool.check()));
        }
        Map<String, Object> ejection = new LinkedHashMap<>();
        ejection.put("failures", pool.ejection().failures());
        ejection.put("time", DurationText.format(pool.ejection().time()));
        result.put("ejection", ejection);
        if (!pool.fallback().equals(PoolConfig.NONE.fallback())) {
            result.put("fallback", DumpText.uri(pool.fallback()));
        }
        result.put("served_by", pool.servedBy());
        result.put("websocket_ping", DurationText.format(pool.websocketPing()));
        return result;
    }

    private static Object member(PoolConfig.Member member) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("url", DumpText.uri(member.url()));
        result.put("weight", member.weight());
        if (!member.host().isEmpty()) {
            result.put("host", member.host());
        }
        return result;
    }

    private static Object affinity(PoolConfig.Affinity affinity) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("cookie", DumpText.text(affinity.cookie()));
        result.put("ttl", DurationText.format(affinity.ttl()));
        result.put("failover", Texts.choiceName(affinity.failover()));
        if (affinity.secret().isPresent()) {
            result.put("secret", affinity.secret().toString());
        }
        return result;
    }

    private static Object check(PoolConfig.Check check) {
        Map<String, Object> result = new LinkedHashMap<>();
        PoolConfig.Question question = check.question();
        result.put("path", DumpText.text(question.path()));
        result.put("method", question.method());
        if (question.port() != 0) {
            result.put("port", question.port());
        }
        result.put("headers", DumpText.env(question.headers()));
        result.put("follow_redirects", question.followRedirects());
        result.put("interval", DurationText.format(check.interval()));
        result.put("timeout", DurationText.format(check.timeout()));
        result.put("retries", check.retries());
        result.put("consecutive_up", check.consecutiveUp());
        result.put("consecutive_down", check.consecutiveDown());
        result.put(
                "expect",
                check.expect().statuses().stream()
                        .map(PoolConfig.StatusRange::toString)
                        .toList());
        result.put("expect_body", DumpText.text(check.expect().body()));
        return result;
    }
}
