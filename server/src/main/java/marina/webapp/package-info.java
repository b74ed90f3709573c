/**
 * A WAR as a Jetty web application: class loading, JNDI, its pool and its DATABASE_URL.
 */
@NullMarked
package marina.webapp;

import org.jspecify.annotations.NullMarked;
