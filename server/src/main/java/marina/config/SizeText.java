package marina.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as operators write them: {@code 512K 512M 1G}, 1024-based; a plain number is bytes. */
final class SizeText {
    private static final Pattern FORM = Pattern.compile("(\\d{1,12})([KMGT]?)");
    private static final String UNITS = "KMGT";

    private SizeText() {}

    /** Bytes. */
    static long parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw BadText.of("is not a size; write e.g. 512M, 1G or a number of bytes");
        }
        int power = UNITS.indexOf(matcher.group(2)) + 1;
        long factor = matcher.group(2).isEmpty() ? 1 : 1L << (10 * power);
        try {
            return Math.multiplyExact(Long.parseLong(matcher.group(1)), factor);
        } catch (ArithmeticException e) {
            throw BadText.of("is a size that no machine has; write e.g. 512M");
        }
    }

    /** The size as {@link #parse} reads it. */
    static String format(long bytes) {
        long rest = bytes;
        int power = 0;
        while (rest > 0 && rest % 1024 == 0 && power < UNITS.length()) {
            rest /= 1024;
            power++;
        }
        return power == 0 ? Long.toString(rest) : rest + UNITS.substring(power - 1, power);
    }
}
