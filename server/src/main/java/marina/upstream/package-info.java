/**
 * The members of upstream contexts: which of them can answer, which one is chosen, and who goes on when it fails.
 */
@NullMarked
package marina.upstream;

import org.jspecify.annotations.NullMarked;
