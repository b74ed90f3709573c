package marina.simulator.edge;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import marina.simulator.machine.Death;

/** One request to one machine: its head, its body, its answer, which goes to the client unless it is a replay. */
final class Exchange {

    private static final int MOST_REPLAY = 256 * 1024;

    private final MachineLink link;
    private final RequestHead head;
    private final ClientBody body;
    private final Answer answer;
    private final Executor executor;
    private final Listener listener;
    private volatile boolean over;
    private volatile boolean upgraded;
    private volatile int status;

    /** Is told what has come of it. */
    interface Listener {
        /** The client is about to get its answer, or its tunnel. */
        void decided(String decision, int status);

        /** A tunnel has ended. */
        void tunnelClosed();
    }

    Exchange(MachineLink link, RequestHead head, ClientBody body, Answer answer, Executor executor, Listener listener) {
        this.link = link;
        this.head = head;
        this.body = body;
        this.answer = answer;
        this.executor = executor;
        this.listener = listener;
    }

    /** The status of the machine's answer; 0 when there was none. */
    int status() {
        return status;
    }

    /** Whether the connections have become a tunnel. */
    boolean upgraded() {
        return upgraded;
    }

    /**
     * Sends the request and deals with the answer. A body and an early answer flow at the same time.
     *
     * @return the replay that the machine asks for; otherwise the client has its answer
     */
    Optional<Replay> run() {
        try {
            String text = head.text(body);
            boolean unfinished = link.machine().faults().deathAt(Death.ON_REQUEST);
            link.send(unfinished ? text.substring(0, text.length() - 2) : text); // so that no answer can be faster
        } catch (IOException e) {
            throw new FaultException(EdgeFault.PU02, String.valueOf(e.getMessage()));
        }
        link.machine().maybeDie(Death.ON_REQUEST);
        if (body.empty()) {
            return answer();
        }
        CompletableFuture<Optional<Replay>> answered = CompletableFuture.supplyAsync(() -> answer(), executor);
        try {
            body.sendTo(link.output(), () -> over);
            return answered.join();
        } catch (ClientGoneException e) {
            closeQuietly();
            throw e;
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private Optional<Replay> answer() {
        try {
            AnswerHead received = received();
            status = received.status();
            link.machine().maybeDie(Death.ON_ANSWER);
            InputStream content = link.body(received, head.method());
            if (ReplayReader.isJson(received.fields())) {
                return Optional.of(ReplayReader.json(Answer.text(content, MOST_REPLAY)));
            }
            Optional<Replay> replay = ReplayReader.header(received.fields());
            if (replay.isPresent()) {
                return replay;
            }
            if (received.status() == 101) {
                upgraded = true;
                listener.decided("tunnel", status);
                answer.tunnel(received, link, listener::tunnelClosed);
            } else {
                listener.decided("answer", status);
                answer.relay(received, content);
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new ClientGoneException(e); // the head of the answer has been sent, or cannot be
        } finally {
            over = true;
        }
    }

    private AnswerHead received() {
        try {
            AnswerHead received = link.readHead();
            if (received.status() == 101 && !head.upgrades()) {
                throw new FaultException(EdgeFault.PU02, "it has answered 101 without being asked");
            }
            return received;
        } catch (IOException e) {
            throw new FaultException(EdgeFault.PU02, String.valueOf(e.getMessage()));
        }
    }

    private void closeQuietly() {
        try {
            link.close();
        } catch (IOException e) {
            over = true; // closed is closed
        }
    }
}
