package marina.session;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A session as it is kept: its times, and each attribute serialized by itself. So one that cannot be serialized does not
 * cost the others, and two that were changed by two generations of an application can be put together.
 *
 * @param head its id and times
 * @param attributes their serialized values by name
 */
record SessionRecord(Head head, Map<String, byte[]> attributes) {
    private static final int MAGIC = 0x4d53_4501;

    /** What Jetty puts into each session that begins with https. */
    private static final String CREATED_SECURE = "org.eclipse.jetty.security.sessionCreatedSecure";

    /**
     * All but the attributes; times in milliseconds since the epoch.
     *
     * @param id the session's
     * @param expiry 0 for never
     * @param created when it began
     * @param accessed begin of the last request
     * @param lastAccessed begin of the request before it
     * @param cookieSet when the browser got its cookie
     * @param maxInactive in milliseconds; 0 or less for ever
     */
    record Head(
            String id, long expiry, long created, long accessed, long lastAccessed, long cookieSet, long maxInactive) {

        /** The part of a record that tells when the session ends. */
        static Head read(InputStream stream) throws IOException {
            return read(new DataInputStream(stream));
        }

        private static Head read(DataInputStream in) throws IOException {
            if (in.readInt() != MAGIC) {
                throw new IOException("no record of a session");
            }
            long expiry = in.readLong();
            String id = in.readUTF();
            return new Head(id, expiry, in.readLong(), in.readLong(), in.readLong(), in.readLong(), in.readLong());
        }

        /** Whether it had not ended by a time; who has it in memory may have moved its end without a word until now. */
        boolean lives(long time) {
            return !id.isEmpty() && (expiry <= 0 || expiry + SessionStore.touchMillis(maxInactive) > time);
        }

        private void write(DataOutputStream out) throws IOException {
            out.writeInt(MAGIC);
            out.writeLong(expiry);
            out.writeUTF(id);
            out.writeLong(created);
            out.writeLong(accessed);
            out.writeLong(lastAccessed);
            out.writeLong(cookieSet);
            out.writeLong(maxInactive);
        }
    }

    /**
     * Reads one.
     *
     * @throws IOException when it is cut off or no record at all
     */
    static SessionRecord read(byte[] bytes) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        Head head = Head.read(in);
        int count = in.readInt();
        Map<String, byte[]> attributes = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            String name = in.readUTF();
            int length = in.readInt();
            if (length < 0 || length > in.available()) {
                throw new IOException("cut off");
            }
            attributes.put(name, in.readNBytes(length));
        }
        return new SessionRecord(head, attributes);
    }

    /** Digests of attributes, to tell whether they have changed. */
    static Map<String, String> digests(Map<String, byte[]> attributes) {
        Map<String, String> digests = new LinkedHashMap<>();
        attributes.forEach((name, value) -> digests.put(name, SessionFiles.digest(value)));
        return digests;
    }

    /** An empty session, such as each page for a crawler may begin, is worth no file. */
    static boolean hasContent(Map<String, byte[]> attributes) {
        return attributes.keySet().stream().anyMatch(name -> !name.equals(CREATED_SECURE));
    }

    byte[] bytes() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        head.write(out);
        out.writeInt(attributes.size());
        for (Map.Entry<String, byte[]> attribute : attributes.entrySet()) {
            out.writeUTF(attribute.getKey());
            out.writeInt(attribute.getValue().length);
            out.write(attribute.getValue());
        }
        out.flush();
        return bytes.toByteArray();
    }
}
