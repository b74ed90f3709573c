/**
 * What a DATABASE_URL names, how SQLite files are opened, and copies of them: made, checked, kept and put back.
 */
@NullMarked
package marina.database;

import org.jspecify.annotations.NullMarked;
