package marina.config;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The names that {@code ${name}} may use at one place of the configuration: the context's vars, then the built-ins, then the
 * environment. Not thread-safe.
 */
final class Scope {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]*");

    private final Map<String, String> vars;
    private final Map<String, String> builtIns;
    private final Map<String, String> environment;
    private final boolean complete;
    private final Deque<String> resolving = new ArrayDeque<>();

    private Scope(
            Map<String, String> vars, Map<String, String> builtIns, Map<String, String> environment, boolean complete) {
        this.vars = vars;
        this.builtIns = builtIns;
        this.environment = environment;
        this.complete = complete;
    }

    /** The names of the whole server. */
    static Scope ofServer(Directories directories, Map<String, String> environment) {
        Map<String, String> builtIns = Map.of(
                "base", directories.base().toString(),
                "home", directories.home().toString(),
                "region", environment.getOrDefault("FLY_REGION", environment.getOrDefault("MARINA_REGION", "")),
                "machine", environment.getOrDefault("FLY_MACHINE_ID", environment.getOrDefault("MARINA_MACHINE", "")));
        return new Scope(Map.of(), builtIns, environment, true);
    }

    /** The names of one context. */
    Scope ofContext(ContextPath path, Map<String, String> contextVars) {
        Map<String, String> names = new HashMap<>(builtIns);
        names.put("path", path.value());
        names.put("name", path.name());
        return new Scope(contextVars, names, environment, true);
    }

    /** The names of an app, whose contexts will supply the ones that are missing. */
    Scope ofApp() {
        return new Scope(Map.of(), builtIns, environment, false);
    }

    /** Whether a name without a value is an error here. */
    boolean isComplete() {
        return complete;
    }

    /**
     * Fills in all names but the late ones.
     *
     * @param late the names that only a start or a request knows; {@code 1} to {@code 9} may be written as {@code $1}
     * @throws BadText when a name has no value or the form is wrong
     */
    Template resolve(String text, Set<String> late) {
        Parts parts = new Parts();
        append(text, late, parts);
        return parts.template();
    }

    private void append(String text, Set<String> late, Parts parts) {
        int i = 0;
        while (i < text.length()) {
            if (text.startsWith("$${", i)) {
                parts.literal("${");
                i += 3;
            } else if (text.startsWith("${", i)) {
                int end = closing(text, i + 2);
                expression(text.substring(i + 2, end), late, parts);
                i = end + 1;
            } else if (text.charAt(i) == '$' && i + 1 < text.length() && late.contains(text.substring(i + 1, i + 2))) {
                parts.name(text.substring(i + 1, i + 2));
                i += 2;
            } else {
                parts.literal(text.substring(i, i + 1));
                i++;
            }
        }
    }

    private static int closing(String text, int from) {
        int depth = 1;
        for (int i = from; i < text.length(); i++) {
            if (text.startsWith("${", i)) {
                depth++;
            } else if (text.charAt(i) == '}' && --depth == 0) {
                return i;
            }
        }
        throw BadText.of("has a ${ without its }; write $${ for a literal ${");
    }

    private void expression(String expression, Set<String> late, Parts parts) {
        int colon = expression.indexOf(":-");
        String name = colon < 0 ? expression : expression.substring(0, colon);
        if (!NAME.matcher(name).matches()) {
            throw BadText.of(
                    "has ${" + name + "}, which is no name; write ${NAME}, ${NAME:-default} or $${ for a literal ${");
        }
        if (late.contains(name)) {
            parts.name(name);
            return;
        }
        Optional<String> value = lookup(name);
        if (colon >= 0 && value.orElse("").isEmpty()) {
            append(expression.substring(colon + 2), late, parts);
        } else {
            parts.literal(value.orElseThrow(() -> undefined(name)));
        }
    }

    private Optional<String> lookup(String name) {
        String written = vars.get(name);
        if (written == null) {
            String builtIn = builtIns.get(name);
            return Optional.ofNullable(builtIn == null ? environment.get(name) : builtIn);
        }
        if (resolving.contains(name)) {
            throw BadText.of("needs ${" + name + "}, whose value needs itself; break the circle in vars");
        }
        resolving.push(name);
        try {
            return Optional.of(resolve(written, Set.of()).expand(Map.of()));
        } finally {
            resolving.pop();
        }
    }

    private static BadText undefined(String name) {
        return switch (name) {
            case "port" -> BadText.undefined("needs ${port}, which is known only in command, env and hooks of a context"
                    + " that starts a process listening on a port");
            case "socket" -> BadText.undefined("needs ${socket}, which is known only in command, env and hooks of a"
                    + " context with socket: true");
            default -> BadText.undefined("needs ${" + name + "}, which has no value; add " + name
                    + " to vars or to the environment, or write ${" + name + ":-default}");
        };
    }

    /** Collects literals and names in turn. */
    private static final class Parts {
        private final List<String> literals = new ArrayList<>();
        private final List<String> names = new ArrayList<>();
        private final StringBuilder literal = new StringBuilder();

        void literal(String text) {
            literal.append(text);
        }

        void name(String name) {
            literals.add(literal.toString());
            literal.setLength(0);
            names.add(name);
        }

        Template template() {
            List<String> all = new ArrayList<>(literals);
            all.add(literal.toString());
            return new Template(all, names);
        }
    }
}
