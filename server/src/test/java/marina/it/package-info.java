/**
 * The assembled home through the scripts of {@code bin/}: what an operator sees. Needs {@code mvn package} before.
 */
@NullMarked
package marina.it;

import org.jspecify.annotations.NullMarked;
