package marina.config;

/**
 * Tells one content of a file from the next without reading it.
 *
 * @param size bytes; for a folder, the sum over its web.xml and archive entries that are watched
 * @param modifiedMillis last modification, milliseconds since 1970
 */
public record FileStamp(long size, long modifiedMillis) {}
