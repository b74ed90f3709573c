package marina.server;

/** Log lines for Vector in JMX: {@code marina:type=Vector}, while {@code log.vector.socket} is set. */
public interface VectorMXBean {
    /** Whether it reads. */
    boolean isConnected();

    /** Lines in the queue. */
    int getWaiting();

    /** Lines since the start that it was sent. */
    long getSent();

    /** Lines since the start that were lost because the queue was full. */
    long getDropped();
}
