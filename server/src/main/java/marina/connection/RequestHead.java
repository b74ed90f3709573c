package marina.connection;

import org.eclipse.jetty.http.HttpFields;

/**
 * The first lines of a request, as they are sent.
 *
 * @param method as the client named it
 * @param target path and query, byte for byte (ISO-8859-1)
 * @param fields all of them, but for those that tell how long the body is where nobody knows it: then it is sent in chunks
 */
public record RequestHead(String method, String target, HttpFields fields) {}
