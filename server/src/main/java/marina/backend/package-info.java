/**
 * One application instance behind a context: states, readiness, idle stop, restart back-off, leases; no HTTP server types.
 */
@NullMarked
package marina.backend;

import org.jspecify.annotations.NullMarked;
