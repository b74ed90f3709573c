package marina.connection;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.EofException;
import org.jspecify.annotations.Nullable;

/** Turns what a backend sends into heads, pieces of bodies and ends; one of them at a time. For one thread at a time. */
final class AnswerParser implements HttpParser.ResponseHandler {
    private static final int LARGEST_HEAD = 64 * 1024;

    private final HttpParser parser = new HttpParser(this, LARGEST_HEAD, HttpCompliance.RFC9110);
    private boolean bodiless;
    private @Nullable Answer answer;
    private boolean headComplete;
    private @Nullable ByteBuffer content;
    private boolean complete;
    private boolean persistent;
    private @Nullable Throwable problem;

    /** For one connection. It remembers no fields of earlier answers: what Jetty keeps them in takes 100 KB, and is not faster. */
    AnswerParser() {
        parser.setHeaderCacheSize(0);
    }

    /**
     * Prepares for an answer.
     *
     * @param toHead whether it is one to HEAD, which has no body whatever its head says
     */
    void begin(boolean toHead) {
        bodiless = toHead;
        next();
    }

    /** Prepares for what follows an interim answer. */
    void next() {
        parser.reset();
        answer = null;
        complete = false;
        persistent = false;
    }

    /**
     * Goes on to the next head, piece of body, or end, if the bytes suffice.
     *
     * @throws IOException when this is no answer, or it ends too early
     */
    void parse(ByteBuffer bytes) throws IOException {
        parser.parseNext(bytes);
        Throwable failure = problem;
        if (failure != null) {
            throw failure instanceof IOException io ? io : new IOException(failure.getMessage(), failure);
        }
    }

    /** The backend has ended its output; what that means comes with the next call of {@link #parse}. */
    void atEnd() {
        parser.atEOF();
    }

    boolean isAtEnd() {
        return parser.isAtEOF();
    }

    /** The connection has failed. */
    void failed(Throwable failure) {
        if (problem == null) {
            problem = failure;
        }
    }

    /** The answer whose head has just been read, once; else null. */
    @Nullable
    Answer takeHead() {
        if (!headComplete) {
            return null;
        }
        headComplete = false;
        return answer;
    }

    /** The piece of the body that has just been read, once; else null. A part of the bytes that were given. */
    @Nullable
    ByteBuffer takeContent() {
        ByteBuffer piece = content;
        content = null;
        return piece;
    }

    boolean isComplete() {
        return complete;
    }

    /** Whether the first line of a final answer has been read. */
    boolean hasBegun() {
        Answer begun = answer;
        return begun != null && !HttpStatus.isInformational(begun.status());
    }

    /** Whether the backend keeps the connection open after this answer (RFC 9112 section 9.3). */
    boolean isPersistent() {
        return persistent && complete && !parser.isAtEOF();
    }

    @Override
    public void startResponse(HttpVersion version, int status, String reason) {
        answer = new Answer(version, status);
        parser.setHeadResponse(bodiless);
    }

    @Override
    public void parsedHeader(HttpField field) {
        Answer head = answer;
        if (head != null) {
            head.head().add(field);
        }
    }

    @Override
    public boolean headerComplete() {
        Answer head = answer;
        if (head != null) {
            persistent = head.version() == HttpVersion.HTTP_1_1
                    ? !head.fields().contains(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString())
                    : head.fields().contains(HttpHeader.CONNECTION, HttpHeaderValue.KEEP_ALIVE.asString());
        }
        headComplete = true;
        return true;
    }

    @Override
    public boolean content(ByteBuffer bytes) {
        content = bytes;
        return true;
    }

    @Override
    public boolean contentComplete() {
        return false;
    }

    @Override
    public void parsedTrailer(HttpField field) {
        Answer head = answer;
        if (head != null) {
            head.tail().add(field);
        }
    }

    @Override
    public boolean messageComplete() {
        complete = true;
        return true;
    }

    @Override
    public void earlyEOF() {
        problem = new EofException("the backend has closed the connection before the end of its answer");
    }

    @Override
    public void badMessage(HttpException failure) {
        problem =
                new IOException("the answer of the backend is malformed: " + failure.getReason(), (Throwable) failure);
    }
}
