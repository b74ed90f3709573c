/**
 * What stopped web applications leave behind in this JVM: found, cleaned where that is safe, reported.
 *
 * <pre>
 * HostedWar stops → LeakGuard → each Finder: what still leads to its class loader → cure, one line in the log
 * findLeaks (JMX)  → LeakGuard → generations whose class loader outlives a garbage collection → each Finder: what holds it
 * </pre>
 */
@NullMarked
package marina.leak;

import org.jspecify.annotations.NullMarked;
