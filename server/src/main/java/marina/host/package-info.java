/**
 * The live set of contexts: deploy, and reload as plan and apply; owns the one forwarder.
 */
@NullMarked
package marina.host;

import org.jspecify.annotations.NullMarked;
