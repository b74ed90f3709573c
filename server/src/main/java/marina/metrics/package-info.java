/**
 * What is counted and timed: numbers of each context that cost a request next to nothing, and the text in which Prometheus
 * reads them.
 */
@NullMarked
package marina.metrics;

import org.jspecify.annotations.NullMarked;
