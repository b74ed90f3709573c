package marina.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A text in which everything is resolved but the values that only a start knows: {@code ${port}} and {@code ${socket}}.
 *
 * @param literals the text before, between and after the names; one more than {@code names}
 * @param names the names to fill in, in order
 */
public record Template(List<String> literals, List<String> names) {

    /** Copies its lists. */
    public Template {
        literals = List.copyOf(literals);
        names = List.copyOf(names);
        if (literals.size() != names.size() + 1) {
            throw new IllegalArgumentException("a template needs a literal around each name");
        }
    }

    /** A template that is just this text. */
    public static Template literal(String text) {
        return new Template(List.of(text), List.of());
    }

    /** Templates that are just these texts. */
    public static List<Template> literals(String... texts) {
        List<Template> templates = new ArrayList<>();
        for (String text : texts) {
            templates.add(literal(text));
        }
        return List.copyOf(templates);
    }

    /**
     * Fills in the names.
     *
     * @throws IllegalArgumentException when a name has no value
     */
    public String expand(Map<String, String> values) {
        StringBuilder text = new StringBuilder(literals.get(0));
        for (int i = 0; i < names.size(); i++) {
            String value = values.get(names.get(i));
            if (value == null) {
                throw new IllegalArgumentException("${" + names.get(i) + "} has no value here");
            }
            text.append(value).append(literals.get(i + 1));
        }
        return text.toString();
    }

    /** The text as the operator could have written it. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(literals.get(0).replace("${", "$${"));
        for (int i = 0; i < names.size(); i++) {
            text.append("${").append(names.get(i)).append('}');
            text.append(literals.get(i + 1).replace("${", "$${"));
        }
        return text.toString();
    }
}
