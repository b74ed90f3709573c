package marina.admin;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The second half of {@code start}: waits until the Marina in the background answers or has ended, and says which. */
final class Starting {
    private static final long POLL_MILLIS = 30;
    private static final int MAX_OUTPUT_BYTES = 8 * 1024;

    private final ControlClient client;
    private final Terminal terminal;

    Starting(ControlClient client, Terminal terminal) {
        this.client = client;
        this.terminal = terminal;
    }

    /**
     * Waits.
     *
     * @param pid the process that was started
     * @param output what it prints
     * @param from where its output begins in that file
     */
    int await(long pid, Path output, long from) throws IOException {
        while (isAlive(pid)) {
            try {
                ControlStatus status = ControlStatus.of(client.send("GET", "/status"));
                if (status.pid() == pid) {
                    started(status);
                    return CommandLine.DONE;
                }
            } catch (IOException e) {
                // does not listen yet
            }
            pause();
        }
        terminal.complain("Marina did not start.");
        terminal.complain(tail(output, from));
        return CommandLine.FAILED;
    }

    private void started(ControlStatus status) throws IOException {
        terminal.say("Marina started: pid " + status.pid() + ", " + String.join(" ", status.urls()));
        terminal.table(Arrays.stream((Object[]) client.send("GET", "/contexts").json())
                .map(context -> (Map<?, ?>) context)
                .map(context ->
                        List.of("  " + ControlStatus.text(context, "url"), ControlStatus.text(context, "description")))
                .toList());
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    private static void pause() throws IOException {
        try {
            new CountDownLatch(1).await(POLL_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while Marina was starting", e);
        }
    }

    private static String tail(Path output, long from) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(output.toFile(), "r")) {
            long start = Math.max(from, file.length() - MAX_OUTPUT_BYTES);
            file.seek(start);
            byte[] bytes = new byte[(int) Math.max(0, file.length() - start)];
            file.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8).stripTrailing();
        }
    }
}
