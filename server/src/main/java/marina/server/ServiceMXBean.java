package marina.server;

/** A helper process of the server: {@code marina:type=Service,name="redis"}. */
public interface ServiceMXBean {
    /** waiting, running, restarting, ended or stopped. */
    String getState();

    /** Process id, 0 when it has none. */
    long getPid();

    /** How often it was started again. */
    long getRestarts();

    /** How its last process ended; empty when none has. */
    String getReason();
}
