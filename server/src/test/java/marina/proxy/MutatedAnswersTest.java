package marina.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Valid answers with random mistakes, to many clients at once: whatever comes of it, nobody gets anything of an answer to
 * another, and afterwards the server is as good as new.
 */
class MutatedAnswersTest {

    private static final int CLIENTS = 8;
    private static final int REQUESTS = 80;

    /** How long a backend waits for the next request when its answer may have left the other side waiting for more. */
    private static final long PATIENCE_MILLIS = 150;

    private static final Pattern ID = Pattern.compile("[0-9a-f]{16}");

    /** Said by the backend in answers of many forms: {@code @} stands for the id. */
    private static final List<String> FORMS = List.of(
            "HTTP/1.1 200 OK\r\nX-Id: @\r\nContent-Length: 40\r\n\r\n<p>@@</p>\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Id: @\r\n\r\n10\r\n@\r\n12;a=b\r\n-@-\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Id\r\n\r\n12\r\n@\r\n\r\n0\r\nX-Id: @\r\n\r\n",
            "HTTP/1.1 103 Early Hints\r\nLink: </@>\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n@\r\n0\r\n\r\n",
            "HTTP/1.1 204 No Content\r\nX-Id: @\r\n\r\n",
            "HTTP/1.1 304 Not Modified\r\nETag: \"@\"\r\nContent-Length: 35\r\n\r\n",
            "HTTP/1.1 404 Not Found\r\nContent-Length: 16\r\nConnection: close\r\n\r\n@",
            "HTTP/1.0 200 OK\r\nX-Id: @\r\n\r\n@@@");

    private static final String SPECIAL = "\r\n\0 :;,0129afA-\t\u00ff";

    private final Set<String> ids = ConcurrentHashMap.newKeySet();
    private final AtomicInteger whole = new AtomicInteger();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final Map<Integer, ScheduledFuture<?>> ends = new ConcurrentHashMap<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 22, 333})
    void nobodyGetsTheAnswerToAnother(long seed) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        try (AnsweringBackend backend = AnsweringBackend.onTcp(this::answer);
                Front front = Front.to(backend.target(), ForwardTimeouts.DEFAULT)) {
            List<Future<?>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                Random random = new Random(seed * CLIENTS + i);
                clients.add(threads.submit(() -> {
                    for (int request = 0; request < REQUESTS; request++) {
                        exchange(front, random);
                    }
                    return null;
                }));
            }
            for (Future<?> client : clients) {
                client.get(2, TimeUnit.MINUTES);
            }

            Front.soon("the exchanges end", front::allExchangesEnded);
            assertThat(backend.failures()).isEmpty();
            assertThat(whole).as("answers that came through").hasValueGreaterThan(CLIENTS * REQUESTS / 2);
            Front.soon("connections with mistakes are closed", () -> ends.isEmpty());
            thenAllIsWell(front);
        } finally {
            threads.shutdownNow();
            timer.shutdownNow();
        }
    }

    /** Every other request is for an answer with mistakes. Clients keep their connections as long as they can. */
    private void exchange(Front front, Random random) throws Exception {
        try (Wire client = front.connect()) {
            boolean goesOn = true;
            for (int i = 0; goesOn && i < 4; i++) {
                String id = String.format(Locale.ROOT, "%016x", random.nextLong());
                ids.add(id);
                String what = i % 2 == 0 ? "bad" : "good";
                client.send(
                        "GET /" + what + "/" + id + "/" + random.nextInt(1 << 30) + " HTTP/1.1\r\nHost: shop\r\n\r\n");
                ClientAnswer answer = ClientAnswer.read(client, false);
                check(id, answer);
                goesOn = answer.complete() && !answer.head().contains("Connection: close");
            }
        }
    }

    private void check(String id, ClientAnswer answer) {
        Matcher matcher = ID.matcher(answer.interim() + answer.head() + answer.body() + answer.trailers());
        while (matcher.find()) {
            assertThat(matcher.group().equals(id) || !ids.contains(matcher.group()))
                    .as("the answer to %s is not that to %s: %s", id, matcher.group(), answer)
                    .isTrue();
        }
        if (answer.complete() && answer.status() != 502) {
            whole.incrementAndGet();
        }
    }

    private void thenAllIsWell(Front front) throws Exception {
        try (Wire client = front.connect()) {
            for (int form = 0; form < 4 * FORMS.size(); form++) {
                String id = String.format(Locale.ROOT, "%016x", form);
                client.send("GET /good/" + id + "/" + form + " HTTP/1.1\r\nHost: shop\r\n\r\n");
                ClientAnswer answer = ClientAnswer.read(client, false);
                assertThat(answer.complete()).as("%s", answer).isTrue();
                assertThat(answer.interim() + answer.head() + answer.body()).contains(id);
            }
        }
    }

    /** {@code /good/ID/FORM} or {@code /bad/ID/SEED}. */
    private boolean answer(String head, AnsweringBackend.Line line) throws IOException {
        ScheduledFuture<?> end = ends.remove(line.number());
        if (end != null && !end.cancel(false)) {
            return false;
        }
        String[] target = head.split("[ /]", 6);
        int number = Integer.parseInt(target[4]);
        String words = FORMS.get(number % FORMS.size()).replace("@", target[3]);
        boolean bad = target[2].equals("bad");
        Random random = new Random(number);
        line.send(bad ? mutated(words, random) : words);
        boolean ended = words.startsWith("HTTP/1.0") || words.contains("Connection: close");
        if (ended || (bad && random.nextBoolean())) {
            return false;
        }
        if (bad) {
            Runnable close = () -> {
                line.close();
                ends.remove(line.number());
            };
            ends.put(line.number(), timer.schedule(close, PATIENCE_MILLIS, TimeUnit.MILLISECONDS));
        }
        return true;
    }

    /** With up to three mistakes. */
    static String mutated(String words, Random random) {
        StringBuilder text = new StringBuilder(words);
        for (int mistakes = random.nextInt(3); mistakes >= 0 && text.length() > 4; mistakes--) {
            int at = random.nextInt(text.length() - 1);
            int end = Math.min(text.length(), at + 1 + random.nextInt(12));
            char some = random.nextBoolean()
                    ? (char) random.nextInt(256)
                    : SPECIAL.charAt(random.nextInt(SPECIAL.length()));
            switch (random.nextInt(6)) {
                case 0 -> text.setCharAt(at, some);
                case 1 -> text.insert(at, some);
                case 2 -> text.delete(at, end);
                case 3 -> text.insert(at, text.substring(at, end));
                case 4 -> text.setCharAt(at, (char) (text.charAt(at) ^ (1 << random.nextInt(8))));
                default -> text.setLength(random.nextInt(4) == 0 ? at : text.length());
            }
        }
        return text.toString();
    }
}
