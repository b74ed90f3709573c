package marina.files;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.eclipse.jetty.http.ByteRange;

/**
 * What a Range field asks for (RFC 9110 section 14.2).
 *
 * @param asked whether the field is to be heeded; a malformed or greedy one is not, and the whole is sent
 * @param ranges those that can be satisfied, in the order of asking; none means 416
 */
record ByteRanges(boolean asked, List<ByteRange> ranges) {
    private static final String UNIT = "bytes=";
    private static final int MOST = 32;
    private static final int MOST_DIGITS = 18;
    private static final ByteRanges ALL = new ByteRanges(false, List.of());

    /** Reads a field for content of this size. */
    static ByteRanges parse(String field, long size) {
        String text = field.trim();
        if (!text.toLowerCase(Locale.ROOT).startsWith(UNIT)) {
            return ALL;
        }
        List<ByteRange> ranges = new ArrayList<>();
        long total = 0;
        int asked = 0;
        for (String item : List.of(text.substring(UNIT.length()).split(",", -1))) {
            String spec = item.trim();
            if (spec.isEmpty()) {
                continue; // empty list items are legal, RFC 9110 section 5.6.1.2
            }
            long[] bounds = bounds(spec, size);
            asked++;
            if (bounds.length == 0 || asked > MOST) {
                return ALL;
            }
            if (bounds[0] < size && bounds[0] <= bounds[1]) {
                ByteRange range = new ByteRange(bounds[0], Math.min(bounds[1], size - 1));
                ranges.add(range);
                total += range.getLength();
            }
        }
        // Overlapping ranges would let a small request ask for many times the file (CVE-2011-3192).
        return asked == 0 || (total > size && ranges.size() > 1) ? ALL : new ByteRanges(true, List.copyOf(ranges));
    }

    /** First and last byte; nothing when malformed. */
    private static long[] bounds(String spec, long size) {
        int dash = spec.indexOf('-');
        if (dash < 0) {
            return new long[0];
        }
        String first = spec.substring(0, dash).trim();
        String last = spec.substring(dash + 1).trim();
        if (!isNumber(first) || !isNumber(last) || (first.isEmpty() && last.isEmpty())) {
            return new long[0];
        }
        if (first.isEmpty()) {
            long length = Long.parseLong(last);
            return length == 0 ? new long[] {size, size} : new long[] {Math.max(0, size - length), size - 1};
        }
        long from = Long.parseLong(first);
        long to = last.isEmpty() ? Long.MAX_VALUE : Long.parseLong(last);
        return to < from ? new long[0] : new long[] {from, to};
    }

    private static boolean isNumber(String text) {
        return text.length() <= MOST_DIGITS && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
