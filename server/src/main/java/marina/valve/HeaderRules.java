package marina.valve;

import java.util.Map;
import marina.config.Template;
import marina.proxy.FieldRules;

/** Turns what is written under {@code headers} into rules. Pure. */
public final class HeaderRules {
    private HeaderRules() {}

    /** The rules for fields by name. */
    public static FieldRules of(Map<String, Template> fields) {
        return FieldRules.of(fields.entrySet().stream()
                .map(field -> new FieldRules.Rule(
                        field.getKey(),
                        field.getValue().literals(),
                        field.getValue().names()))
                .toList());
    }
}
