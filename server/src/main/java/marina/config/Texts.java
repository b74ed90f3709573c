package marina.config;

import com.google.re2j.PatternSyntaxException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The simple forms of values. Each throws {@link BadText} when the text is not of its form. */
final class Texts {
    /** What a canonical path of a request keeps encoded, but for the slash and the backslash. */
    private static final Pattern CANONICAL_ESCAPE = Pattern.compile("%(20|22|23|25|3B|3C|3E|3F|5B|5D|5E|60|7B|7C|7D)");

    private Texts() {}

    static boolean flag(String text) {
        return switch (text) {
            case "true", "True", "TRUE" -> true;
            case "false", "False", "FALSE" -> false;
            default -> throw BadText.of("is neither true nor false");
        };
    }

    static int number(String text, int least, int most) {
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below, as for a number out of range
        }
        String range = most == Integer.MAX_VALUE ? "of " + least + " or more" : "from " + least + " to " + most;
        throw BadText.of("is not a whole number " + range);
    }

    static double weight(String text) {
        try {
            double weight = Double.parseDouble(text);
            if (weight >= 0 && weight <= 1000) {
                return weight;
            }
        } catch (NumberFormatException e) {
            // said below, as for a number out of range
        }
        throw BadText.of("is not a weight; write a number from 0 to 1000, e.g. 0.5");
    }

    /** One of the constants of an enum, in lower case. */
    static <E extends Enum<E>> TextParser<E> choice(Class<E> type) {
        return text -> {
            List<E> constants = Arrays.asList(type.getEnumConstants());
            return constants.stream()
                    .filter(constant -> choiceName(constant).equals(text))
                    .findFirst()
                    .orElseThrow(() ->
                            notOneOf(constants.stream().map(Texts::choiceName).toList(), text));
        };
    }

    /** The constant as operators write it. */
    static String choiceName(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    static BadText notOneOf(List<String> choices, String text) {
        String last = choices.get(choices.size() - 1);
        String others = choices.subList(0, choices.size() - 1).stream().collect(Collectors.joining(", "));
        return BadText.of("is not one of " + others + " and " + last + Suggestion.among(choices, text));
    }

    /** An http or https URL with a host and without query and fragment. */
    static URI url(String text) {
        try {
            URI url = new URI(text);
            boolean http = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
            boolean plain = url.getRawQuery() == null && url.getRawFragment() == null && url.getUserInfo() == null;
            if (http && url.getHost() != null && plain && url.getPort() <= 65_535) {
                return url;
            }
        } catch (URISyntaxException e) {
            // said below, as for a URL of another form
        }
        throw BadText.of("is not the URL of a server; write e.g. http://127.0.0.1:9000 or https://host/path");
    }

    static Regex regex(String text) {
        try {
            return Regex.compile(text);
        } catch (PatternSyntaxException e) {
            throw BadText.of("is not an RE2 pattern: " + e.getDescription() + "; write e.g. ^/old/(.*)$");
        }
    }

    /** A path of a request. */
    static String requestPath(String text) {
        boolean visible = text.chars().allMatch(c -> c > ' ' && c != '#' && c != 127);
        if (!text.startsWith("/") || !visible) {
            throw BadText.of("is not a path of this server; write e.g. /up");
        }
        return text;
    }

    /** A place to mount something at. */
    static ContextPath contextPath(String text) {
        if (!text.startsWith("/")) {
            throw BadText.of("is not a context path; it begins with a slash: write /" + text);
        }
        if (text.length() > 1 && text.endsWith("/")) {
            throw BadText.of("has a slash at the end; write " + text.replaceAll("/+$", ""));
        }
        String bare = CANONICAL_ESCAPE.matcher(text).replaceAll("");
        boolean strange = bare.chars().anyMatch(c -> c <= ' ' || c == 127 || "?#;%\\\"<>[]{}|^`".indexOf(c) >= 0);
        if (strange || (text + "/").contains("/./") || (text + "/").contains("/../") || text.contains("//")) {
            throw BadText.of("is not a context path; write / or a path such as /sam/list1,"
                    + " without empty or dot segments, blanks and any of ? # ; % \\ \" < > [ ] { } | ^ `; most of these may be"
                    + " percent-encoded, as in /a%20b");
        }
        if (text.equals("/ROOT")) {
            throw BadText.of(
                    "is reserved, because ROOT is what the files of the context / are called; write / or another path");
        }
        return new ContextPath(text);
    }

    /** Any text but an empty one. */
    static String notEmpty(String text) {
        if (text.isBlank()) {
            throw BadText.of("is empty");
        }
        return text;
    }
}
