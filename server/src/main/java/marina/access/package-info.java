/**
 * The access log: what a line says, and its way to a file without a request waiting for it.
 *
 * <pre>
 * a request ends → AccessLog (a form makes a line) → LineFile: queue → its thread → RotatingFile
 * </pre>
 */
@NullMarked
package marina.access;

import org.jspecify.annotations.NullMarked;
