/** Whether the documents and the files of packages say what is so. */
@NullMarked
package marina.docs;

import org.jspecify.annotations.NullMarked;
