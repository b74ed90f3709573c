package marina.export;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The list of crawlers that Marina has, for JavaScript. */
final class EdgeCrawlers {
    private static final String LIST = "/marina/valve/crawlers.txt";

    /** Alternatives in one regular expression: few of them, so that a mistake in the list would be easy to find. */
    private static final int AT_ONCE = 100;

    private EdgeCrawlers() {}

    static List<String> patterns() throws IOException, ExportException {
        List<String> lines;
        try (InputStream list = Objects.requireNonNull(EdgeCrawlers.class.getResourceAsStream(LIST), LIST)) {
            lines = new String(list.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .toList();
        }
        List<String> patterns = new ArrayList<>();
        StringBuilder together = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            together.append(together.isEmpty() ? "" : "|")
                    .append(JavaScriptPattern.of(lines.get(i)).source());
            if (i % AT_ONCE == AT_ONCE - 1 || i == lines.size() - 1) {
                patterns.add(together.toString());
                together.setLength(0);
            }
        }
        return patterns;
    }
}
