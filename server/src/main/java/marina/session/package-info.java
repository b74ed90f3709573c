/** The HTTP sessions of hosted web applications: kept in files or in a database, so that they outlive the application's run. */
@NullMarked
package marina.session;

import org.jspecify.annotations.NullMarked;
