/**
 * Jetty assembly: connectors, handler tree, access log, JMX.
 */
@NullMarked
package marina.server;

import org.jspecify.annotations.NullMarked;
