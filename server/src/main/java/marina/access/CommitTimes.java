package marina.access;

import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Takes note of when the head of an answer is sent, for logs that tell it. Costs two objects a request. */
public final class CommitTimes extends Handler.Wrapper {
    static final String ATTRIBUTE = CommitTimes.class.getName();

    /** Around what answers. */
    public CommitTimes(Handler answers) {
        super(answers);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        request.addHttpStreamWrapper(stream -> new Watched(stream, request));
        return super.handle(request, response, callback);
    }

    private static final class Watched extends HttpStream.Wrapper {
        private final Request request;
        private boolean sent;

        Watched(HttpStream stream, Request request) {
            super(stream);
            this.request = request;
        }

        @Override
        public void send(
                MetaData.Request question,
                MetaData.@Nullable Response answer,
                boolean last,
                java.nio.@Nullable ByteBuffer content,
                Callback callback) {
            if (!sent && answer != null && answer.getStatus() >= 200) {
                sent = true;
                request.setAttribute(ATTRIBUTE, System.nanoTime());
            }
            super.send(question, answer, last, content, callback);
        }
    }
}
