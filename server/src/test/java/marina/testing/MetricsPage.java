package marina.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page of metrics in Prometheus' text, read strictly: each line is a comment of the known kinds or a sample. */
public final class MetricsPage {
    private static final Pattern COMMENT = Pattern.compile("# (HELP|TYPE) [a-zA-Z_:][a-zA-Z0-9_:]* .+");
    private static final Pattern SAMPLE = Pattern.compile(
            "([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{(?:[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\n]|\\\\[\\\\n\"])*\",?)*\\})? (\\S+)");

    private final String text;
    private final Map<String, Double> samples = new LinkedHashMap<>();

    private MetricsPage(String text) {
        this.text = text;
        for (String line : text.split("\n", -1)) {
            Matcher sample = SAMPLE.matcher(line);
            if (sample.matches()) {
                String series = sample.group(1) + (sample.group(2) == null ? "" : sample.group(2));
                assertThat(samples).as("each series once").doesNotContainKey(series);
                samples.put(series, Double.parseDouble(sample.group(3).replace("Inf", "Infinity")));
            } else {
                assertThat(line)
                        .matches(
                                text1 -> text1.isEmpty()
                                        || COMMENT.matcher(text1).matches(),
                                "comment");
            }
        }
    }

    /** What a server tells at {@code metrics.listen}. */
    public static MetricsPage of(MarinaUnderTest marina) {
        return new MetricsPage(
                get(marina.server().metricsUrl().orElseThrow(), "text/plain").body());
    }

    /** GET. */
    public static HttpResponse<String> get(URI url, String accept) {
        try {
            return HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(url).header("Accept", accept).build(),
                            HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError("no metrics at " + url, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** As it came. */
    public String text() {
        return text;
    }

    /** The value of a series, written with its labels as in the page; -1 when there is none. */
    public double value(String series) {
        return samples.getOrDefault(series, -1.0);
    }

    /** The names of all series, without labels. */
    public Set<String> names() {
        Set<String> names = new TreeSet<>();
        samples.keySet().forEach(series -> names.add(series.replaceAll("\\{.*", "")));
        return names;
    }

    /** How many series there are. */
    public int size() {
        return samples.size();
    }
}
