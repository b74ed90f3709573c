package marina.proxy;

import java.util.List;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.jspecify.annotations.Nullable;

/** What an operator wants of the fields of a head: each is set in place of all of its name, or taken out. Immutable. */
public final class FieldRules {
    /** All fields stay as they are. */
    public static final FieldRules NONE = new FieldRules(List.of());

    private final List<Compiled> rules;

    private FieldRules(List<Compiled> rules) {
        this.rules = rules;
    }

    /**
     * One field. Its value is the literals with the names between them.
     *
     * @param literals one more than names; without a line break
     * @param names {@code host}, {@code remote_addr} or {@code scheme}
     */
    public record Rule(String name, List<String> literals, List<String> names) {}

    /** Rules that are ready to be applied. */
    public static FieldRules of(List<Rule> rules) {
        return rules.isEmpty()
                ? NONE
                : new FieldRules(rules.stream().map(Compiled::of).toList());
    }

    /** Whether nothing is changed. */
    public boolean isEmpty() {
        return rules.isEmpty();
    }

    /**
     * Changes a head.
     *
     * @param client whom the names stand for; asked only when there are names, and when it is null fields with names are left
     *     as they are
     */
    void apply(HttpFields.Mutable fields, Supplier<@Nullable ClientView> client) {
        ClientView view = null;
        for (Compiled rule : rules) {
            HttpField field = rule.constant;
            if (field == null && !rule.names.isEmpty()) {
                view = view == null ? client.get() : view;
                if (view == null) {
                    continue;
                }
                String value = rule.value(view);
                field = value.isEmpty() ? null : new HttpField(rule.name, value);
            }
            if (field == null) {
                fields.remove(rule.name);
            } else {
                fields.put(field);
            }
        }
    }

    /**
     * A rule.
     *
     * @param constant the field itself when it is the same for everybody; null for a field that goes
     */
    private record Compiled(String name, List<String> literals, List<String> names, @Nullable HttpField constant) {
        static Compiled of(Rule rule) {
            String start = rule.literals.get(0);
            HttpField field =
                    rule.names.isEmpty() && !start.isEmpty() ? new PreEncodedHttpField(rule.name, start) : null;
            return new Compiled(rule.name, List.copyOf(rule.literals), List.copyOf(rule.names), field);
        }

        String value(ClientView client) {
            StringBuilder text = new StringBuilder(literals.get(0));
            for (int i = 0; i < names.size(); i++) {
                text.append(value(names.get(i), client)).append(literals.get(i + 1));
            }
            return text.toString();
        }

        private static String value(String name, ClientView client) {
            return switch (name) {
                case "host" -> client.authority();
                case "remote_addr" -> client.address();
                case "scheme" -> client.scheme();
                default -> throw new IllegalArgumentException(name);
            };
        }
    }
}
