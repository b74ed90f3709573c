package marina.config;

import java.util.Arrays;
import java.util.Optional;

/** The lines of a text as bytes in UTF-8. */
final class TextLines {
    private static final int BLOCK = 4096;

    private TextLines() {}

    /**
     * Where each line begins, that after the last end of a line included; empty for a text in which something else than a line
     * feed may end a line, or in which a line is an instruction to the parser.
     */
    static Optional<int[]> offsets(byte[] text) {
        int[] offsets = new int[count(text) + 1];
        int line = 1;
        for (int i = 0; i < text.length; i++) {
            byte at = text[i];
            if (at == '\n') {
                offsets[line++] = i + 1;
            } else if ((at < ' ' && isStrange(text, i)) || (at == '%' && (i == 0 || text[i - 1] == '\n'))) {
                return Optional.empty();
            }
        }
        return Optional.of(offsets);
    }

    /** Control characters, NEL, LS, PS and the byte order mark; bytes from 128 on are negative. */
    private static boolean isStrange(byte[] text, int i) {
        int first = text[i] & 0xFF;
        int second = i + 1 < text.length ? text[i + 1] & 0xFF : 0;
        int third = i + 2 < text.length ? text[i + 2] & 0xFF : 0;
        return (first < ' ' && first != '\t')
                || (first == 0xC2 && second < 0xA0)
                || (first == 0xE2 && second == 0x80 && (third == 0xA8 || third == 0xA9))
                || (first == 0xEF && second == 0xBB && third == 0xBF);
    }

    /** How many lines end. */
    static int count(byte[] text) {
        int count = 0;
        for (byte at : text) {
            count += at == '\n' ? 1 : 0;
        }
        return count;
    }

    /**
     * How many bytes are the same at the end of two texts.
     *
     * @param begin so many at their beginning do not count
     */
    static int commonEnd(byte[] one, byte[] other, int begin) {
        int most = Math.min(one.length, other.length) - begin;
        int common = 0;
        while (common + BLOCK <= most
                && Arrays.equals(
                        one,
                        one.length - common - BLOCK,
                        one.length - common,
                        other,
                        other.length - common - BLOCK,
                        other.length - common)) {
            common += BLOCK;
        }
        while (common < most && one[one.length - common - 1] == other[other.length - common - 1]) {
            common++;
        }
        return common;
    }
}
