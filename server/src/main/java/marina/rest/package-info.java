/**
 * REST of the server: JSON for the console, the command line and scripts. Who may ask, others have decided.
 */
@NullMarked
package marina.rest;

import org.jspecify.annotations.NullMarked;
