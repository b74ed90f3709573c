package marina.export;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import marina.config.AuthConfig;
import marina.config.ContextConfig;
import marina.config.ContextPath;
import marina.config.PathRule;
import marina.config.ServerConfig;

/** Who asks for a password where, as far as an edge can know it: it never learns whether one is right. For one thread. */
final class EdgeDoors {
    /** What stays encoded in the path that rules are asked about; see {@code CanonicalPath}. */
    private static final String KEPT = " \"#%;<>?[\\]^`{|}";

    private final ServerConfig config;
    private final List<AuthConfig> doors = new ArrayList<>();

    EdgeDoors(ServerConfig config) {
        this.config = config;
    }

    /** The number of a door in the table. */
    int number(AuthConfig auth) {
        if (!doors.contains(auth)) {
            doors.add(auth);
        }
        return doors.indexOf(auth);
    }

    /** Whether a file at a path is for everybody. */
    boolean isOpen(String decodedPath) {
        String path = canonical(decodedPath);
        AuthConfig auth = authAt(path);
        return !auth.enabled()
                || auth.publicPaths().stream().anyMatch(rule -> rule.regex().find(path));
    }

    private AuthConfig authAt(String path) {
        for (int end = path.length(); end > 0; end = path.lastIndexOf('/', end - 1)) {
            ContextConfig context = contextAt(path.substring(0, end));
            if (context != null) {
                return context.access().auth();
            }
        }
        ContextConfig root = config.contexts().get(ContextPath.ROOT);
        return (root == null ? config.access() : root.access()).auth();
    }

    private @org.jspecify.annotations.Nullable ContextConfig contextAt(String path) {
        return path.endsWith("/") || path.contains("//")
                ? null
                : config.contexts().get(new ContextPath(path));
    }

    private static String canonical(String path) {
        StringBuilder text = new StringBuilder(path.length());
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (KEPT.indexOf(c) >= 0) {
                text.append(String.format("%%%02X", (int) c));
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    /** The doors by number. */
    List<Object> table() throws ExportException {
        List<Object> entries = new ArrayList<>();
        for (AuthConfig auth : doors) {
            Map<String, Object> entry = new LinkedHashMap<>();
            // People who log in with a form or at a provider get a page of Marina's; only it knows whether they are
            // logged in.
            // Where paths have realms of their own, only Marina knows which; then nothing is answered in front of it.
            boolean simple = auth.realms().isEmpty();
            if (simple && !auth.login().enabled()) {
                entry.put("challenge", challenge(auth.realm()));
            }
            List<Object> open = new ArrayList<>();
            for (PathRule rule : simple ? auth.publicPaths() : List.<PathRule>of()) {
                JavaScriptPattern pattern = JavaScriptPattern.of(rule.regex().toString());
                boolean file = rule.form() == PathRule.Form.EXTENSION;
                open.add(Map.of("match", pattern.source(), "flags", pattern.flags(), "file", file));
            }
            entry.put("open", open);
            entries.add(entry);
        }
        return entries;
    }

    /** RFC 7617, as Marina itself asks. Fields of an answer are Latin-1, so other characters of the realm go byte by byte. */
    private static String challenge(String realm) {
        String quoted = realm.replaceAll("([\"\\\\])", "\\\\$1");
        String bytes = new String(quoted.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        return "Basic realm=\"" + bytes + "\", charset=\"UTF-8\"";
    }
}
