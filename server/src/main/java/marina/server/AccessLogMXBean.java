package marina.server;

/** The access log in JMX: {@code marina:type=AccessLog}. */
public interface AccessLogMXBean {
    /** Lines that wait to be written. */
    int getWaiting();

    /** Lines that have been written since the start. */
    long getWritten();

    /** Lines that were dropped since the start, because the disk was slow or full. */
    long getDropped();
}
