/**
 * The protocols of Tomcat's manager, for the tools that speak them: text and the JMX proxy.
 */
@NullMarked
package marina.tomcat;

import org.jspecify.annotations.NullMarked;
