package marina.access;

import java.io.IOException;

/** Where lines end up. One thread. */
public interface LineTarget {
    /** What it is called in messages. */
    String name();

    /** Takes a line, without its end. */
    void add(String line) throws IOException;

    /** Hands what it has taken to the system. After a failure it holds nothing any more. */
    void flush() throws IOException;

    /** The last call. */
    void close();
}
