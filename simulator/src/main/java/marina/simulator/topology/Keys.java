package marina.simulator.topology;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * The keys of one mapping, each read once; what nobody has read is unknown. A missing key of a machine may be read from
 * its app ({@link #over}). Not thread-safe.
 */
final class Keys {

    private static final Pattern DURATION = Pattern.compile("(\\d+)(ms|s|m|h)");

    private final Problems problems;
    private final String path;
    private final @Nullable Node self;
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final Map<String, Node> unread = new LinkedHashMap<>();
    private @Nullable Keys defaults;

    Keys(Problems problems, String path, @Nullable Node node) {
        this.problems = problems;
        this.path = path;
        this.self = node;
        if (node instanceof MappingNode mapping) {
            for (NodeTuple tuple : mapping.getValue()) {
                if (tuple.getKeyNode() instanceof ScalarNode key) {
                    nodes.put(key.getValue(), tuple.getValueNode());
                    unread.put(key.getValue(), key);
                }
            }
        } else if (node != null && !isNull(node)) {
            problems.add(node, path, "must be a mapping; write key: value");
        }
    }

    /** Missing keys are taken from there. */
    Keys over(Keys other) {
        defaults = other;
        return this;
    }

    /** All keys, in the order of the file; they count as read. */
    List<String> names() {
        unread.clear();
        return List.copyOf(nodes.keySet());
    }

    Keys section(String key) {
        return new Keys(problems, name(key), take(key).orElse(null));
    }

    List<Keys> list(String key) {
        List<Keys> found = new ArrayList<>();
        for (Node item : items(key)) {
            found.add(new Keys(problems, name(key) + "[" + found.size() + "]", item));
        }
        return found;
    }

    String text(String key, String otherwise) {
        return read(key, otherwise, (text, name) -> text);
    }

    Optional<String> text(String key) {
        return take(key).flatMap(node -> scalar(node, name(key)));
    }

    String needed(String key, String example) {
        Optional<String> found = text(key);
        if (found.isEmpty()) {
            complain(key, "is missing; write " + key + ": " + example);
        }
        return found.orElse("");
    }

    int number(String key, int otherwise, int least, int most) {
        return read(key, otherwise, (text, name) -> {
            int value = text.matches("\\d{1,9}") ? Integer.parseInt(text) : -1;
            return value < least || value > most ? null : value;
        });
    }

    double fraction(String key, double otherwise, double least, double most) {
        return read(key, otherwise, (text, name) -> {
            double value = text.matches("-?\\d+(\\.\\d+)?") ? Double.parseDouble(text) : Double.NaN;
            return value >= least && value <= most ? value : null;
        });
    }

    boolean flag(String key, boolean otherwise) {
        return read(key, otherwise, (text, name) -> switch (text) {
            case "true" -> Boolean.TRUE;
            case "false" -> Boolean.FALSE;
            default -> null;
        });
    }

    Duration duration(String key, Duration otherwise) {
        return read(key, otherwise, (text, name) -> parse(text));
    }

    <E extends Enum<E>> E word(String key, E otherwise) {
        return read(key, otherwise, (text, name) -> {
            for (E value : otherwise.getDeclaringClass().getEnumConstants()) {
                if (value.name().toLowerCase(Locale.ROOT).equals(text)) {
                    return value;
                }
            }
            return null;
        });
    }

    List<String> words(String key) {
        List<String> found = new ArrayList<>();
        for (Node item : items(key)) {
            scalar(item, name(key)).ifPresent(found::add);
        }
        return found;
    }

    Map<String, String> texts(String key) {
        Keys inner = section(key);
        Map<String, String> found = new LinkedHashMap<>();
        inner.names().forEach(name -> inner.text(name).ifPresent(text -> found.put(name, text)));
        return found;
    }

    Optional<Topology.Endpoint> endpoint(String key) {
        return Optional.ofNullable(this.<Topology.@Nullable Endpoint>readOrNull(key, text -> {
            int colon = text.lastIndexOf(':');
            String port = text.substring(colon + 1);
            String host = colon < 0 ? "127.0.0.1" : text.substring(0, colon);
            boolean loopback = host.startsWith("127.");
            return loopback && port.matches("\\d{1,5}") && Integer.parseInt(port) < 65536
                    ? new Topology.Endpoint(host, Integer.parseInt(port))
                    : null;
        }));
    }

    boolean has(String key) {
        return nodes.containsKey(key);
    }

    void complain(String key, String what) {
        Node at = nodes.get(key);
        problems.add(at == null ? self : at, name(key), what);
    }

    /** To be called when all keys have been read. */
    void done() {
        unread.forEach((key, node) -> problems.add(node, name(key), "is no key of this place; see docs/simulator.md"));
    }

    private List<Node> items(String key) {
        Optional<Node> node = take(key);
        if (node.isPresent() && node.get() instanceof SequenceNode sequence) {
            return sequence.getValue();
        }
        node.ifPresent(other -> problems.add(other, name(key), "must be a list; write [a, b]"));
        return List.of();
    }

    private <T> T read(String key, T otherwise, BiFunction<String, String, @Nullable T> parser) {
        T found = readOrNull(key, text -> parser.apply(text, key));
        return found == null ? otherwise : found;
    }

    private <T> @Nullable T readOrNull(String key, Function<String, @Nullable T> parser) {
        Optional<Node> node = take(key);
        Optional<String> text = node.flatMap(found -> scalar(found, name(key)));
        if (text.isEmpty()) {
            return null;
        }
        T value = parser.apply(text.get());
        if (value == null) {
            problems.add(node.get(), name(key), "\"" + text.get() + "\" is not valid here; " + hint(key));
        }
        return value;
    }

    private static String hint(String key) {
        return switch (key) {
            case "listen", "control", "dns" -> "write a loopback address and a port such as 127.0.0.1:8000, or a port";
            case "at", "latitude", "longitude" -> "write degrees such as 52.5";
            case "autostop" -> "write off, stop or suspend";
            case "state" -> "write started, stopped or suspended";
            case "restart" -> "write no, on_failure or always";
            case "autostart", "allow_bypass", "skip_dns_registration" -> "write true or false";
            default -> "see docs/simulator.md for what " + key + " takes, e.g. 5s for a duration";
        };
    }

    private Optional<Node> take(String key) {
        unread.remove(key);
        Node node = nodes.get(key);
        if (defaults != null) {
            Optional<Node> inherited = defaults.take(key);
            if (node == null) {
                return inherited;
            }
        }
        return node == null || isNull(node) ? Optional.empty() : Optional.of(node);
    }

    private Optional<String> scalar(Node node, String name) {
        if (node instanceof ScalarNode scalar) {
            return Optional.of(scalar.getValue());
        }
        problems.add(node, name, "must be a single value");
        return Optional.empty();
    }

    private static boolean isNull(Node node) {
        return node instanceof ScalarNode scalar && (scalar.getValue().isEmpty() && scalar.isPlain());
    }

    private String name(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private static @Nullable Duration parse(String text) {
        if (text.equals("0")) {
            return Duration.ZERO;
        }
        Matcher parts = DURATION.matcher(text);
        if (!parts.matches() || parts.group(1).length() > 9) {
            return null;
        }
        long amount = Long.parseLong(parts.group(1));
        return switch (parts.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofHours(amount);
        };
    }
}
