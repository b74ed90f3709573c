package marina.process;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Cuts a stream of bytes into lines of UTF-8 text. A line longer than the limit comes in pieces, cut between characters;
 * what is no UTF-8 becomes U+FFFD. For one thread.
 */
final class LineSplitter {
    /** Longest piece in bytes. */
    static final int LIMIT = 8 * 1024;

    private static final int LONGEST_CHARACTER = 4;

    private final Consumer<String> lines;
    private final byte[] pending = new byte[LIMIT];
    private int length;
    private boolean continued;

    LineSplitter(Consumer<String> lines) {
        this.lines = lines;
    }

    /** Takes the next bytes. */
    void accept(byte[] bytes, int count) {
        for (int i = 0; i < count; i++) {
            if (bytes[i] == '\n') {
                endLine();
            } else {
                if (length == LIMIT) {
                    cut();
                }
                pending[length++] = bytes[i];
            }
        }
    }

    /** The stream has ended: what is left is a line too. */
    void finish() {
        if (length > 0) {
            endLine();
        }
    }

    private void endLine() {
        int end = length > 0 && pending[length - 1] == '\r' ? length - 1 : length;
        // The end of a line whose pieces have all been delivered is not an empty line.
        if (end > 0 || !continued) {
            lines.accept(new String(pending, 0, end, StandardCharsets.UTF_8));
        }
        length = 0;
        continued = false;
    }

    private void cut() {
        int end = length;
        for (int i = length - 1; i >= length - LONGEST_CHARACTER; i--) {
            boolean startsCharacter = (pending[i] & 0xC0) != 0x80;
            if (startsCharacter) {
                end = pending[i] < 0 ? i : length;
                break;
            }
        }
        lines.accept(new String(pending, 0, end, StandardCharsets.UTF_8));
        System.arraycopy(pending, end, pending, 0, length - end);
        length -= end;
        continued = true;
    }
}
