/**
 * Where a context lives, what DNS says of that place, and which way a request should go. Knows no HTTP server.
 */
@NullMarked
package marina.fleet;

import org.jspecify.annotations.NullMarked;
