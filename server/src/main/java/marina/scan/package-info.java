/**
 * What Jetty looks for in the classes of an archive, kept for its later starts.
 */
@NullMarked
package marina.scan;

import org.jspecify.annotations.NullMarked;
