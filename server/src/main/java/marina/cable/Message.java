package marina.cable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** One broadcast on its way. Its text is made once for all subscribers that know the stream by the same name. One thread. */
final class Message {
    private final String end;
    private final Map<String, Parcel> texts = new HashMap<>();
    private final Backlog backlog;
    private final Runnable done;

    /**
     * A message.
     *
     * @param data the JSON to send, as it was posted; empty for none
     * @param backlog of all clients together
     * @param done called when it has been handed to all subscribers
     */
    Message(String data, Backlog backlog, Runnable done) {
        this.end = data.isEmpty() ? "}" : ",\"data\":" + data + "}";
        this.backlog = backlog;
        this.done = done;
    }

    /** Its text for those who know the stream by this name. */
    Parcel text(String sentName) {
        return texts.computeIfAbsent(
                sentName,
                name -> new Parcel(utf8("{\"type\":\"message\",\"stream\":" + JsonText.quote(name) + end), backlog));
    }

    void done() {
        done.run();
    }

    static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)).asReadOnlyBuffer();
    }
}
