@NullMarked
package marina.tls;

import org.jspecify.annotations.NullMarked;
