package marina.webapp;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import marina.config.ErrorPages;
import marina.config.FileStamp;
import marina.config.UsersConfig;
import marina.config.WebConfig;

/** What a WAR is told besides its web.xml, as one line of text on its way to the WAR's own process. */
final class WebText {
    /** The variable that holds it: parameters may be secrets, and everybody can read command lines. */
    static final String VARIABLE = "MARINA_WEB";

    private final List<String> fields = new ArrayList<>();

    private WebText() {}

    static String write(WebConfig web) {
        WebText text = new WebText();
        text.add("users", web.users().yaml().toString());
        text.add("htpasswd", web.users().htpasswd().toString());
        text.add("groups", web.users().groups().toString());
        text.add("defaults", web.defaults().toString());
        web.listings().ifPresent(listings -> text.add("listings", listings.toString()));
        web.sessionTimeout().ifPresent(timeout -> text.add("timeout", timeout.toString()));
        text.add("form", String.valueOf(web.maxForm()));
        web.welcomeFiles().forEach(file -> text.add("welcome", file));
        new TreeMap<>(web.parameters()).forEach((name, value) -> text.add("parameter", name, value));
        new TreeMap<>(web.mime()).forEach((extension, type) -> text.add("mime", extension, type));
        web.jarsToSkip().forEach(jars -> text.add("skip", jars));
        new TreeMap<>(web.errorPages().pages()).forEach((status, page) -> text.add("page", status, page.toString()));
        return String.join("&", text.fields);
    }

    private void add(String... words) {
        StringBuilder field = new StringBuilder();
        for (String word : words) {
            field.append(field.length() == 0 ? "" : "=").append(URLEncoder.encode(word, StandardCharsets.UTF_8));
        }
        fields.add(field.toString());
    }

    /**
     * Reads it again.
     *
     * @throws IllegalArgumentException when it is no such text
     */
    static WebConfig read(String text) {
        Map<String, List<String[]>> fields = new LinkedHashMap<>();
        for (String field : text.isEmpty() ? new String[0] : text.split("&", -1)) {
            String[] words = field.split("=", -1);
            for (int i = 0; i < words.length; i++) {
                words[i] = URLDecoder.decode(words[i], StandardCharsets.UTF_8);
            }
            fields.computeIfAbsent(words[0], name -> new ArrayList<>()).add(words);
        }
        Map<String, Path> pages = new TreeMap<>();
        pairs(fields, "page").forEach((status, page) -> pages.put(status, Path.of(page)));
        return new WebConfig(
                new UsersConfig(file(fields, "users"), file(fields, "htpasswd"), file(fields, "groups")),
                file(fields, "defaults"),
                FileStamp.of(file(fields, "defaults")),
                list(fields, "listings").stream().findFirst().map(Boolean::valueOf),
                list(fields, "timeout").stream().findFirst().flatMap(WebText::duration),
                list(fields, "welcome"),
                pairs(fields, "parameter"),
                pairs(fields, "mime"),
                list(fields, "skip"),
                list(fields, "form").stream().findFirst().map(Long::valueOf).orElse(WebConfig.USUAL_FORM),
                new ErrorPages(pages));
    }

    private static Optional<Duration> duration(String text) {
        return Optional.of(Duration.parse(text));
    }

    private static Path file(Map<String, List<String[]>> fields, String name) {
        return Path.of(list(fields, name).stream().findFirst().orElse(""));
    }

    private static List<String> list(Map<String, List<String[]>> fields, String name) {
        return fields.getOrDefault(name, List.of()).stream()
                .map(words -> words[1])
                .toList();
    }

    private static Map<String, String> pairs(Map<String, List<String[]>> fields, String name) {
        Map<String, String> pairs = new TreeMap<>();
        fields.getOrDefault(name, List.of()).forEach(words -> pairs.put(words[1], words[2]));
        return pairs;
    }
}
