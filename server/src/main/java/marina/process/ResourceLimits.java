package marina.process;

/**
 * What a process with all its descendants may use; 0 means no limit.
 *
 * @param memory bytes of all of them together
 * @param openFiles file descriptors of each
 * @param processes of all of them together, threads included
 */
public record ResourceLimits(long memory, int openFiles, int processes) {
    /** What the reason of such an end begins with. */
    public static final String KILLED_FOR_MEMORY = "killed for memory";

    /** As much as there is. */
    public static final ResourceLimits NONE = new ResourceLimits(0, 0, 0);

    private static final long K = 1024;
    private static final long M = K * K;
    private static final long G = K * M;

    /** What is said of a tree that has used up its memory: {@code killed for memory: 531M used, memory_limit 512M}. */
    String exceeded(long used) {
        return KILLED_FOR_MEMORY + ": " + size(used) + " used, memory_limit " + size(memory);
    }

    private static String size(long bytes) {
        if (bytes >= G && bytes % G == 0) {
            return bytes / G + "G";
        }
        return bytes >= M ? Math.round((double) bytes / M) + "M" : Math.round((double) bytes / K) + "K";
    }
}
