package marina.export;

import java.net.URI;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What pages, styles and scripts load, at the same server. Pure. */
final class References {
    private static final Pattern CSS =
            Pattern.compile("(?i)(?:url\\(\\s*|@import\\s+)(?:\"([^\"\\n]*)\"|'([^'\\n]*)'|([^\\s\"'()]+)\\s*\\))");

    /** Names of modules that are paths; names of packages are none. */
    private static final Pattern MODULE =
            Pattern.compile("\\b(?:from|import)\\s*\\(?\\s*(?:\"(\\.{0,2}/[^\"\\n]*)\"|'(\\.{0,2}/[^'\\n]*)')");

    private static final Set<String> LINKS = Set.of(
            "stylesheet", "icon", "apple-touch-icon", "mask-icon", "manifest", "preload", "modulepreload", "prefetch");

    private static final Map<String, List<String>> LOADED = Map.of(
            "script", List.of("src"),
            "img", List.of("src"),
            "source", List.of("src"),
            "video", List.of("src", "poster"),
            "audio", List.of("src"),
            "track", List.of("src"),
            "input", List.of("src"),
            "embed", List.of("src"),
            "object", List.of("data"));

    private final URI page;
    private final Set<URI> found = new LinkedHashSet<>();
    private URI base;

    private References(URI page) {
        this.page = page;
        this.base = page;
    }

    /**
     * The addresses in the order of their appearance, each once and without its fragment.
     *
     * @param url where it comes from
     * @param type its media type, without parameters; others than HTML, CSS and JavaScript refer to nothing
     */
    static List<URI> of(URI url, String type, String text) {
        References references = new References(url);
        switch (type) {
            case "text/html" -> HtmlTags.read(text, references::tag);
            case "text/css" -> references.css(text);
            case "text/javascript" -> references.all(MODULE.matcher(text));
            default -> {}
        }
        references.found.remove(url);
        return List.copyOf(references.found);
    }

    private void tag(String name, Map<String, String> attributes) {
        if (name.equals("base") && base.equals(page)) {
            base = resolved(attributes.getOrDefault("href", ""), page);
        } else if (name.equals("link") && isLoaded(attributes.getOrDefault("rel", ""))) {
            add(attributes.getOrDefault("href", ""));
        }
        LOADED.getOrDefault(name, List.of()).forEach(one -> add(attributes.getOrDefault(one, "")));
        for (String candidate : attributes.getOrDefault("srcset", "").split(",\\s+", -1)) {
            add(candidate.strip().split("\\s+", -1)[0]);
        }
        css(attributes.getOrDefault("style", ""));
        css(attributes.getOrDefault(HtmlTags.TEXT, ""));
    }

    private static boolean isLoaded(String relations) {
        return Arrays.stream(relations.toLowerCase(Locale.ROOT).split("\\s+", -1))
                .anyMatch(LINKS::contains);
    }

    private void css(String text) {
        if (!text.isEmpty()) {
            all(CSS.matcher(withoutComments(text)));
        }
    }

    private static String withoutComments(String css) {
        StringBuilder rest = new StringBuilder(css.length());
        int from = 0;
        for (int start = css.indexOf("/*"); start >= 0; start = css.indexOf("/*", from)) {
            rest.append(css, from, start);
            int end = css.indexOf("*/", start + 2);
            from = end < 0 ? css.length() : end + 2;
        }
        return rest.append(css, from, css.length()).toString();
    }

    private void all(Matcher matcher) {
        while (matcher.find()) {
            for (int group = 1; group <= matcher.groupCount(); group++) {
                add(Objects.requireNonNullElse(matcher.group(group), ""));
            }
        }
    }

    private void add(String written) {
        if (written.isBlank() || written.startsWith("#")) {
            return;
        }
        URI url = resolved(written, base);
        boolean here = Objects.equals(url.getScheme(), page.getScheme())
                && Objects.equals(url.getRawAuthority(), page.getRawAuthority());
        if (here && !url.getRawPath().isEmpty()) {
            found.add(url);
        }
    }

    /** What cannot be read leads to the page itself. */
    private URI resolved(String written, URI from) {
        try {
            String text = written.strip().replace(" ", "%20");
            int fragment = text.indexOf('#');
            URI url = from.resolve(fragment < 0 ? text : text.substring(0, fragment));
            return url.isOpaque() || url.getRawPath() == null ? page : URI.create(url.toASCIIString());
        } catch (IllegalArgumentException e) {
            return page;
        }
    }
}
