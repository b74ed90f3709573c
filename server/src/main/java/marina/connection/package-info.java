/**
 * HTTP/1.1 connections to backends: opened on the selectors of the clients that they answer, pooled there, and used by one exchange
 * after the other.
 */
@NullMarked
package marina.connection;

import org.jspecify.annotations.NullMarked;
