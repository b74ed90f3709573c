package marina.config;

import java.util.Locale;
import java.util.regex.Pattern;

/** Keeps passwords out of messages, logs, JMX and dumps. */
public final class Secrets {
    /** What stands in place of a secret. */
    public static final String MASK = "***";

    // User information ends at the last @ before the path, so that an unescaped @ in a password does not show its tail.
    private static final Pattern USER_INFO = Pattern.compile("(://[^/?#:\\s]*:)[^/?#\\s]*@");
    private static final Pattern PARAMETER = Pattern.compile("(?i)((?:password|passwd|pwd|secret|token)=)[^&;\\s]*");
    private static final Pattern NAME = Pattern.compile("PASSWORD|PASSWD|SECRET|TOKEN|KEY|CREDENTIAL|AUTHORIZATION");

    private static final int LONGEST_QUOTE = 200;

    private Secrets() {}

    /** The text with the passwords in its URLs and URL parameters masked. */
    public static String maskUrl(String text) {
        String withoutUserInfo = USER_INFO.matcher(text).replaceAll("$1" + MASK + "@");
        return PARAMETER.matcher(withoutUserInfo).replaceAll("$1" + MASK);
    }

    /**
     * The text of a file of settings with the values masked whose keys look like those of secrets, however they are written, and
     * passwords in URLs. What is taken from the environment ({@code ${NAME}}) stays.
     */
    public static String maskSettings(String yaml) {
        return SettingsMask.of(yaml);
    }

    /** Whether a variable of this name holds a secret. */
    public static boolean isSecretName(String name) {
        return NAME.matcher(name.toUpperCase(Locale.ROOT)).find();
    }

    /** The text in quotes, on one line, without the passwords in it and not too long, for a message. */
    static String quote(String text) {
        String masked = maskUrl(text);
        StringBuilder line = new StringBuilder("\"");
        for (char c :
                masked.substring(0, Math.min(masked.length(), LONGEST_QUOTE)).toCharArray()) {
            line.append(Character.isISOControl(c) ? String.format("\\u%04x", (int) c) : String.valueOf(c));
        }
        return line.append(masked.length() > LONGEST_QUOTE ? "…\"" : "\"").toString();
    }
}
