package marina.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads and prints {@code metrics} and {@code tracing}. */
final class TelemetryReader {
    private static final int MOST_CONTEXTS = 100_000;
    private static final int CONTEXTS = 500;
    private static final int MOST_SPANS = 1_000_000;
    private static final int SPANS = 2048;

    private TelemetryReader() {}

    static MetricsConfig metrics(Section s) {
        List<ListenConfig> listen = ListenReader.read(s, "listen");
        if (listen.size() > 1) {
            s.problem("listen", "names several addresses; write one, e.g. \"127.0.0.1:9405\"");
        }
        for (ListenConfig one : listen) {
            if (one.isUnix()
                    || one.isTls()
                    || one.proxyProtocol()
                    || one.redirect().enabled()) {
                s.problem(
                        "listen",
                        "is an address for plain HTTP; write host:port, e.g. \"127.0.0.1:9405\", and let the admin"
                                + " listener answer where there is to be more");
            }
        }
        return new MetricsConfig(listen.stream().findFirst(), s.number("contexts", 0, MOST_CONTEXTS, CONTEXTS));
    }

    static TracingConfig tracing(Section s) {
        TracingConfig tracing = new TracingConfig(
                s.value("endpoint", TelemetryReader::endpoint, TracingConfig.NOWHERE),
                s.value("sample", TelemetryReader::share, 1.0),
                s.value("service", Texts::notEmpty, "marina"),
                s.number("queue", 1, MOST_SPANS, SPANS));
        for (String key : List.of("sample", "service", "queue")) {
            if (!tracing.enabled() && s.has(key) && !s.has("endpoint")) {
                s.problem(
                        key,
                        "has no effect without endpoint; write e.g. endpoint: \"http://127.0.0.1:4318/v1/traces\"");
            }
        }
        return tracing;
    }

    private static URI endpoint(String text) {
        try {
            URI url = new URI(text);
            boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            if (http && url.getHost() != null && url.getRawPath().length() > 1 && url.getRawFragment() == null) {
                return url;
            }
        } catch (URISyntaxException e) {
            // said below, as for a URL of another form
        }
        throw BadText.of("is not the URL of a collector; write where it takes traces by OTLP over HTTP, e.g."
                + " http://127.0.0.1:4318/v1/traces");
    }

    private static double share(String text) {
        try {
            double share = Double.parseDouble(text);
            if (share >= 0 && share <= 1) {
                return share;
            }
        } catch (NumberFormatException e) {
            // said below, as for a number out of range
        }
        throw BadText.of("is not a share; write a number from 0 to 1, e.g. 0.1 for every tenth trace");
    }

    static Map<String, Object> dump(MetricsConfig metrics) {
        Map<String, Object> result = new LinkedHashMap<>();
        metrics.listen().ifPresent(listen -> result.put("listen", DumpText.text(listen.address())));
        result.put("contexts", metrics.contexts());
        return result;
    }

    static Map<String, Object> dump(TracingConfig tracing) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("endpoint", Secrets.maskUrl(tracing.endpoint().toString()));
        result.put("sample", tracing.sample());
        result.put("service", DumpText.text(tracing.service()));
        result.put("queue", tracing.queue());
        return result;
    }
}
