/**
 * Run scripts that answer one request each: CGI/1.1, RFC 3875.
 *
 * <pre>
 * CgiRunner → CgiExchange ┬ RequestBody → standard input
 *                         └ standard output → CgiHead → CgiAnswer
 * </pre>
 */
@NullMarked
package marina.cgi;

import org.jspecify.annotations.NullMarked;
