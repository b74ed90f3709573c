package marina.session;

import javax.sql.DataSource;

/**
 * The database of an application, for sessions that are kept there. Its connections are not those of the application: a
 * session is written while a request may still hold one, and would wait for itself.
 *
 * @param source opens nothing before its first use
 * @param end closes the connections; called when the application has stopped
 */
public record SessionDatabase(DataSource source, Runnable end) {}
