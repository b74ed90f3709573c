/** What others than Marina are told of the configuration: the edge before it, the platform below it, pages made ahead. */
@NullMarked
package marina.export;

import org.jspecify.annotations.NullMarked;
