/** Whether the pages lead where they say. */
@NullMarked
package marina.site;

import org.jspecify.annotations.NullMarked;
