package marina.process;

/** Takes what a process prints, line by line. Called from the thread that reads the process's output; must not throw. */
@FunctionalInterface
public interface OutputSink {

    /** Throws everything away. */
    OutputSink NONE = (channel, line) -> {};

    /**
     * One line.
     *
     * @param line without its line end; over-long lines arrive in pieces, undecodable bytes as U+FFFD
     */
    void line(Channel channel, String line);

    /** Where a process printed. */
    enum Channel {
        /** Standard output. */
        OUT,
        /** Standard error. */
        ERR
    }
}
