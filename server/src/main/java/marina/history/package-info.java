/**
 * The configurations that have been applied: the last ten are kept, and any of them can be put back.
 *
 * <pre>
 * applied → History (data/history/000012) → Rollback: tried first → Restoration (a journal) → the files of the instance
 * </pre>
 */
@NullMarked
package marina.history;

import org.jspecify.annotations.NullMarked;
