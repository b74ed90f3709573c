package example.gameserver;

import java.text.Normalizer;
import java.util.regex.Pattern;

/** Turns what people type, or send by any other means, into one line that does no harm to the lines around it. */
final class Words {
    /** In Unicode characters, not in UTF-16 units. */
    static final int LONGEST_NAME = 20;

    static final int LONGEST_LINE = 200;

    private static final Pattern BLANKS = Pattern.compile("[\\p{Cntrl}\\p{Z}\\s]+");
    /**
     * What is not seen but changes how the text around it looks: marks of direction, half characters, private ones. The
     * joiners U+200C and U+200D stay: scripts and emoji need them.
     */
    private static final Pattern UNSEEN = Pattern.compile("[\\p{Cf}\\p{Cs}\\p{Co}&&[^\u200c\u200d]]+");
    /** More accents than any language piles up would run over the neighbouring lines. */
    private static final Pattern PILES = Pattern.compile("(\\p{M}{4})\\p{M}+");

    private Words() {}

    /** A name, or nothing when nothing is left of it. */
    static String name(String typed) {
        return clean(typed, LONGEST_NAME);
    }

    /** A line of the chat, or nothing when nothing is left of it. */
    static String line(String typed) {
        return clean(typed, LONGEST_LINE);
    }

    private static String clean(String typed, int longest) {
        String text = Normalizer.normalize(typed, Normalizer.Form.NFC);
        text = UNSEEN.matcher(text).replaceAll("");
        text = BLANKS.matcher(text).replaceAll(" ").strip();
        text = PILES.matcher(text).replaceAll("$1");
        int length = text.codePointCount(0, text.length());
        return length <= longest
                ? text
                : text.substring(0, text.offsetByCodePoints(0, longest)).strip();
    }
}
