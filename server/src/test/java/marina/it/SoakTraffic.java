package marina.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One client that asks whatever comes to its mind until the soak is over. */
final class SoakTraffic implements Runnable {
    private static final int LARGEST_UPLOAD = 1 << 20;
    private static final int MOST_LINES = 100_000;

    private final int port;
    private final int contexts;
    private final SoakTally tally;
    private final CountDownLatch over;
    private final Random random;
    private @Nullable SoakClient client;
    private boolean refusedBody; // the last answer may have come before the whole request had been read

    /** Goes on until {@code over} opens. */
    SoakTraffic(int port, int contexts, SoakTally tally, CountDownLatch over, long seed) {
        this.port = port;
        this.contexts = contexts;
        this.tally = tally;
        this.over = over;
        this.random = new Random(seed);
    }

    @Override
    public void run() {
        try {
            while (over.getCount() > 0) {
                // Half of the requests go to a few, so that these are under load and the others become idle.
                step("app" + random.nextInt(random.nextBoolean() ? 5 : contexts));
            }
            leave();
        } catch (InterruptedException | IOException | RuntimeException e) {
            tally.fault("a client broke down: " + e);
        }
    }

    private void step(String context) throws InterruptedException, IOException {
        long begin = System.nanoTime();
        int kind = random.nextInt(100);
        tally.count("requests");
        try {
            SoakClient open = client == null ? new SoakClient(port) : client;
            client = open;
            if (kind < 60) {
                ask(open, context, "version", context, begin);
            } else if (kind < 75) {
                ask(open, context, "slow?ms=" + random.nextInt(300), context, begin);
            } else if (kind < 83) {
                upload(open, context, begin);
            } else if (kind < 91) {
                int lines = random.nextInt(MOST_LINES);
                ask(open, context, "download?lines=" + lines, (context + "\n").repeat(lines), begin);
            } else if (kind < 95) {
                talk(open, context, begin);
            } else {
                leaveInTheMiddle(open, context);
            }
        } catch (IOException e) {
            if (refusedBody) {
                tally.count("closed after a body was refused"); // RFC 9112, 9.3: and the client asks again
            } else {
                tally.cut(context, e, begin);
            }
            leave();
        }
        if (random.nextInt(20) == 0) {
            leave();
        }
    }

    private void ask(SoakClient open, String context, String path, String expected, long begin) throws IOException {
        open.send("GET", "/" + context + "/" + path, "");
        end(open, context, expected, begin, false);
    }

    /** In pieces, sometimes slowly. */
    private void upload(SoakClient open, String context, long begin) throws IOException, InterruptedException {
        int bytes = random.nextInt(LARGEST_UPLOAD);
        boolean slowly = random.nextInt(4) == 0;
        open.send("POST", "/" + context + "/upload", "Content-Length: " + bytes + "\r\n");
        int piece = bytes / 8 + 1;
        for (int sent = 0; sent < bytes; sent += piece) {
            open.write(new byte[Math.min(piece, bytes - sent)]);
            if (slowly) {
                pause(50);
            }
        }
        end(open, context, context + " " + bytes, begin, true);
    }

    /** An upgraded connection that stays open for a while. */
    private void talk(SoakClient open, String context, long begin) throws IOException, InterruptedException {
        open.send("GET", "/" + context + "/talk", "Connection: Upgrade\r\nUpgrade: echo\r\n");
        SoakClient.Answer answer = open.answer();
        if (answer.status() != 101) {
            tally.judge(context, answer, "", begin);
            leave();
            return;
        }
        tally.count("tunnels");
        expect(context, open.line(), context);
        for (int i = random.nextInt(10); i > 0; i--) {
            pause(100);
            open.write((context + i + "\n").getBytes(StandardCharsets.US_ASCII));
            expect(context, open.line(), context + i);
        }
        leave();
    }

    private void leaveInTheMiddle(SoakClient open, String context) throws IOException, InterruptedException {
        if (random.nextBoolean()) {
            open.send("GET", "/" + context + "/download?lines=" + MOST_LINES, "");
        } else {
            open.send("POST", "/" + context + "/upload", "Content-Length: 100000\r\n");
            open.write(new byte[1000]);
        }
        pause(random.nextInt(50));
        tally.count("left in the middle");
        leave();
    }

    private void expect(String context, String line, String expected) {
        if (!line.equals(expected)) {
            tally.count("wrong answers");
            tally.fault("/" + context + " said " + line + " instead of " + expected);
        }
    }

    private void end(SoakClient open, String context, String expected, long begin, boolean upload) throws IOException {
        SoakClient.Answer answer = open.answer();
        tally.judge(context, answer, expected, begin);
        refusedBody = upload && answer.status() != 200;
        if (answer.closes()) {
            leave();
        }
    }

    private void leave() throws IOException {
        refusedBody = false;
        if (client != null) {
            client.close();
            client = null;
        }
    }

    private void pause(int millis) throws InterruptedException {
        boolean unused = over.await(millis, TimeUnit.MILLISECONDS);
    }
}
