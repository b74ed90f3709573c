package marina.cable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** One broadcast on its way. Its text is made once for all subscribers that know the stream by the same name. One thread. */
final class Message {
    private final String end;
    private final Map<String, ByteBuffer> texts = new HashMap<>();
    private final Runnable done;

    /**
     * A message.
     *
     * @param data the JSON to send, as it was posted; empty for none
     * @param done called when it has been handed to all subscribers
     */
    Message(String data, Runnable done) {
        this.end = data.isEmpty() ? "}" : ",\"data\":" + data + "}";
        this.done = done;
    }

    /** Its text for those who know the stream by this name. */
    ByteBuffer text(String sentName) {
        return texts.computeIfAbsent(
                sentName, name -> utf8("{\"type\":\"message\",\"stream\":" + JsonText.quote(name) + end));
    }

    void done() {
        done.run();
    }

    static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)).asReadOnlyBuffer();
    }
}
