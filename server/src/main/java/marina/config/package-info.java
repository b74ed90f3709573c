/**
 * What the operator asked for: immutable records, their loading, and all problems at once with file, line and key.
 */
@NullMarked
package marina.config;

import org.jspecify.annotations.NullMarked;
