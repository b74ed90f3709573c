package marina.files;

import java.util.List;
import java.util.Locale;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/** What a client says about content codings (RFC 9110 section 12.5.3). Pure. */
public final class Codings {
    private static final int QUALITIES = 1000;

    private Codings() {}

    /** How much a client wants a coding: 0 for not at all, up to 1000. */
    public static int quality(HttpFields request, String coding) {
        int any = 0;
        for (HttpField field : request) {
            if (field.getHeader() != HttpHeader.ACCEPT_ENCODING || field.getValue() == null) {
                continue;
            }
            for (String item : items(field.getValue())) {
                int semicolon = item.indexOf(';');
                String name = (semicolon < 0 ? item : item.substring(0, semicolon)).trim();
                if (name.equalsIgnoreCase(coding) || name.equalsIgnoreCase("x-" + coding)) {
                    return semicolon < 0 ? QUALITIES : weight(item.substring(semicolon + 1));
                }
                if (name.equals("*")) {
                    any = semicolon < 0 ? QUALITIES : weight(item.substring(semicolon + 1));
                }
            }
        }
        return any;
    }

    private static List<String> items(String value) {
        return List.of(value.split(",", -1));
    }

    private static int weight(String parameter) {
        String text = parameter.trim().toLowerCase(Locale.ROOT);
        if (!text.startsWith("q=")) {
            return QUALITIES;
        }
        try {
            double weight = Double.parseDouble(text.substring(2).trim());
            return (int) Math.round(Math.max(0, Math.min(1, weight)) * QUALITIES);
        } catch (NumberFormatException e) {
            return 0; // nobody can say what is meant, and identity is never wrong
        }
    }
}
