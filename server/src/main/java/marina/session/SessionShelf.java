package marina.session;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/** Where the records of one application's sessions lie. Thread-safe; several generations and processes may share one. */
interface SessionShelf {

    /** A record that was found. */
    final class Kept {
        private final String stamp;
        private final byte[] record;

        /**
         * A find.
         *
         * @param stamp tells this record from any other of the same session
         * @param record as {@link SessionRecord} writes it; not copied
         */
        Kept(String stamp, byte[] record) {
            this.stamp = stamp;
            this.record = record;
        }

        String stamp() {
            return stamp;
        }

        SessionRecord record() throws IOException {
            return SessionRecord.read(record);
        }
    }

    /** The record of a session. */
    Optional<Kept> read(String id) throws IOException;

    /** The stamp of what is kept, without reading it. */
    Optional<String> stamp(String id) throws IOException;

    /**
     * Replaces a record as a whole: whoever reads meanwhile, or after a crash, finds the old one or the new one.
     *
     * @param expiry when the session ends, in milliseconds since the epoch; 0 for never
     * @return its stamp
     */
    String write(String id, long expiry, byte[] record) throws IOException;

    /** Removes a record; whether there was one. */
    boolean delete(String id) throws IOException;

    /** The ids of the sessions that had ended by a time in milliseconds since the epoch. */
    Set<String> expired(long time) throws IOException;

    /** Whether there is a session that had not ended by a time in milliseconds since the epoch. */
    boolean lives(String id, long time) throws IOException;

    /**
     * How many sessions had not ended by a time in milliseconds since the epoch.
     *
     * @param most counts no further
     */
    long living(long time, long most) throws IOException;

    /** Gives back what it holds besides files. */
    default void close() {}

    /** Where it is, for messages. */
    @Override
    String toString();
}
