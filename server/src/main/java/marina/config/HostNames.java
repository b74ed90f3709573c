package marina.config;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The names under which a server answers.
 *
 * @param names lower-case names and addresses, perhaps {@code *.example.com}; empty for any
 */
public record HostNames(List<String> names) {
    private static final Pattern NAME =
            Pattern.compile("(\\*\\.)?[a-z0-9]([a-z0-9._-]{0,252}[a-z0-9])?|\\[?[0-9a-f]*:[0-9a-f:.]+]?");

    /** Copies its list. */
    public HostNames {
        names = List.copyOf(names);
    }

    /** Whether a request for this name, without port and in any case, is answered. */
    public boolean include(String host) {
        if (names.isEmpty()) {
            return true;
        }
        String name = host.toLowerCase(Locale.ROOT);
        for (String own : names) {
            boolean below = own.startsWith("*.") && name.endsWith(own.substring(1)) && name.length() >= own.length();
            if (below || own.equals(name)) {
                return true;
            }
        }
        return false;
    }

    /** One of them, as written. */
    static String name(String text) {
        String name = text.toLowerCase(Locale.ROOT);
        if (!NAME.matcher(name).matches()) {
            throw BadText.of("is no name of a host; write e.g. example.com or *.example.com, without port and path");
        }
        return name.indexOf(':') >= 0 && !name.startsWith("[") ? "[" + name + "]" : name;
    }
}
