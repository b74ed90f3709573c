package marina.admin;

import java.io.PrintWriter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Shows on a terminal that long work goes on: a bar where it is known how much there is, else the seconds that have passed.
 * Elsewhere it is silent. Nothing of it stays on the screen. Thread-safe.
 */
final class Progress implements AutoCloseable {
    private static final int WIDTH = 30;
    private static final long QUIET_MILLIS = 700;
    private static final long EACH_MILLIS = 200;

    private final PrintWriter err;
    private final String what;
    private final boolean shown;
    private final CountDownLatch over = new CountDownLatch(1);
    private final long begun = System.nanoTime();
    private final Thread thread = new Thread(this::run, "progress");
    private volatile long done;
    private volatile long total;
    private int longest; // of the thread

    /**
     * Begins.
     *
     * @param shown whether anybody sees it
     */
    Progress(PrintWriter err, String what, boolean shown) {
        this.err = err;
        this.what = what;
        this.shown = shown;
        if (shown) {
            thread.setDaemon(true);
            thread.start();
        }
    }

    /**
     * Work that takes a while.
     *
     * @param <T> its result
     * @param <E> how it may fail
     */
    interface Work<T, E extends Exception> {
        /** Does it. */
        T run() throws E;
    }

    /** Does the work, and is over with it. */
    <T, E extends Exception> T during(Work<T, E> work) throws E {
        try {
            return work.run();
        } finally {
            close();
        }
    }

    /** So much of so much is done. */
    void at(long part, long all) {
        done = part;
        total = all;
    }

    private void run() {
        try {
            boolean ended = over.await(QUIET_MILLIS, TimeUnit.MILLISECONDS);
            while (!ended) {
                show(line());
                ended = over.await(EACH_MILLIS, TimeUnit.MILLISECONDS);
            }
            if (longest > 0) {
                err.print("\r" + " ".repeat(longest) + "\r");
                err.flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void show(String line) {
        err.print("\r" + line + " ".repeat(Math.max(0, longest - line.length())));
        err.flush();
        longest = Math.max(longest, line.length());
    }

    String line() {
        long all = total;
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun);
        if (all <= 0) {
            return what + " ... " + seconds + " s";
        }
        long part = Math.min(done, all);
        int filled = (int) (WIDTH * part / all);
        return what + " [" + "#".repeat(filled) + ".".repeat(WIDTH - filled) + "] " + 100 * part / all + " % (" + part
                + " of " + all + ")";
    }

    @Override
    public void close() {
        over.countDown();
        if (shown) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
