/**
 * Files as answers: finding them below a folder, remembering the small ones, negotiating, conditions and ranges.
 *
 * <pre>
 * FileSite (path → file, redirect or nothing) → FileStore (memory, disk) → FileAnswer (HTTP) → FileBody (bytes)
 * </pre>
 */
@NullMarked
package marina.files;

import org.jspecify.annotations.NullMarked;
