/**
 * Move one exchange, HTTP or upgraded, to an address; the only home of header policy.
 */
@NullMarked
package marina.proxy;

import org.jspecify.annotations.NullMarked;
