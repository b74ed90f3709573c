package marina.admin;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The screen of {@code top}: the other screen of the terminal, without a cursor, keys one by one. Everything is as it was when it
 * closes, also when a signal ends the program. One thread.
 */
final class TopScreen implements AutoCloseable {
    private static final String ENTER = "\033[?1049h\033[?25l\033[?7l";
    private static final String LEAVE = "\033[?7h\033[?25h\033[?1049l";
    private static final long KEY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long SIZE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final int INTERRUPT = 3;
    private static final int END = 4;

    private final PrintStream out =
            new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
    private final Look look;
    private final TerminalMode mode = new TerminalMode();
    private final Thread hook = new Thread(this::restore, "restore-terminal");
    private TopOrder order;
    private TerminalMode.Size size;
    private long measured = System.nanoTime();
    private int first;
    private boolean restored;

    TopScreen(Look look, TopOrder order) {
        this.look = look;
        this.order = order;
        this.size = mode.size();
        Runtime.getRuntime().addShutdownHook(hook);
        mode.keysOneByOne();
        out.print(ENTER);
        out.flush();
    }

    /**
     * Waits for keys, and does what they say.
     *
     * @return false when the operator has had enough
     */
    boolean waitFor(Duration time, TopSample sample) throws IOException {
        InputStream keys = System.in;
        long until = System.nanoTime() + time.toNanos();
        while (System.nanoTime() - until < 0) {
            while (keys.available() > 0) {
                int key = keys.read();
                if (key == 'q' || key == 'Q' || key == INTERRUPT || key == END || key < 0) {
                    return false;
                }
                press((char) key, sample);
            }
            if (System.nanoTime() - measured > SIZE_NANOS) {
                measured = System.nanoTime();
                TerminalMode.Size now = mode.size();
                if (!now.equals(size)) {
                    size = now;
                    first = 0;
                    show(sample);
                }
            }
            LockSupport.parkNanos(KEY_NANOS);
        }
        return true;
    }

    private void press(char key, TopSample sample) {
        TopOrder wanted = TopOrder.ofKey(key);
        if (wanted != null) {
            order = wanted;
            first = 0;
        } else if (key == 'j' || key == ' ') {
            first += key == 'j' ? 1 : page();
        } else if (key == 'k' || key == 'b') {
            first -= key == 'k' ? 1 : page();
        } else {
            return;
        }
        show(sample);
    }

    private int page() {
        return Math.max(1, size.rows() - 5);
    }

    /** Draws it all, in the size that the terminal has. */
    void show(TopSample sample) {
        List<List<String>> table = sample.rows(order);
        first = Math.max(0, Math.min(first, table.size() - 1 - page()));
        StringBuilder text = new StringBuilder("\033[H");
        sample.head().forEach(line -> line(text, cut(line)));
        line(text, "");
        TopTable columns = new TopTable(table, size.columns());
        line(text, "\033[7m" + columns.line(table.get(0), cell -> cell) + "\033[0m");
        int last = Math.min(table.size() - 1, first + page());
        for (int i = first; i < last; i++) {
            line(text, columns.line(table.get(i + 1), look::paint));
        }
        text.append("\033[J"); // whatever an earlier, longer table has left
        text.append("\033[").append(size.rows()).append(";1H");
        text.append(
                cut("q quit  sort by: r rate  R requests  m memory  s state  p path (" + order.word() + ")  j k scroll"
                        + (last - first < table.size() - 1
                                ? "  " + (first + 1) + "-" + last + " of " + (table.size() - 1)
                                : "")));
        text.append("\033[K");
        out.print(text);
        out.flush();
    }

    private static void line(StringBuilder text, String line) {
        text.append(line).append("\033[K\r\n");
    }

    private String cut(String line) {
        return line.length() <= size.columns() ? line : line.substring(0, size.columns());
    }

    private synchronized void restore() {
        if (!restored) {
            restored = true;
            out.print(LEAVE);
            out.flush();
            mode.restore();
        }
    }

    @Override
    public void close() {
        restore();
        // The hook stays: it finds nothing to do any more.
    }
}
