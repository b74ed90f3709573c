package marina.backend;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The environment of what Marina starts for a context, its hooks included: of Marina's own variables only PATH, HOME,
 * LANG, LC_ALL, TZ, USER and TMPDIR, so that no secret of one context or of the server reaches another.
 */
public final class ProcessEnvironment {
    private static final List<String> INHERITED = List.of("PATH", "HOME", "LANG", "LC_ALL", "TZ", "USER", "TMPDIR");

    private ProcessEnvironment() {}

    /** The inherited variables and these, which win. */
    public static Map<String, String> with(Map<String, String> own) {
        Map<String, String> environment = new HashMap<>();
        for (String name : INHERITED) {
            String value = System.getenv(name);
            if (value != null) {
                environment.put(name, value);
            }
        }
        environment.putAll(own);
        return Map.copyOf(environment);
    }
}
