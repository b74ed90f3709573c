/**
 * Send log lines to Vector: over a Unix socket, a JSON object each, without anybody waiting for it.
 *
 * <pre>
 * access log, programs' output → LineShipper (queue) → its thread → socket
 * </pre>
 */
@NullMarked
package marina.vector;

import org.jspecify.annotations.NullMarked;
