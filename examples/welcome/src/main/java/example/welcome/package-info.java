/**
 * The root context of a fresh installation: what runs here, and what to do next.
 *
 * <pre>
 * WelcomeServlet -> ServerOverview (asks the platform MBean server) -> WelcomePage (HTML)
 * </pre>
 */
@NullMarked
package example.welcome;

import org.jspecify.annotations.NullMarked;
