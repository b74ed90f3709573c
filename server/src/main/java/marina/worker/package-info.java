/**
 * The threads that run web applications, whose code may block. What is short is done by the thread of the selector that has read the request;
 * it is relieved when it does not come back in time. All else is done by virtual threads, or by threads of the pool.
 *
 * <pre>
 * selector → ClientEvents (asked for a WAR before) → Shift (serves it here) ← Relief (looks each millisecond) → a successor selects
 *                                                  → WarThreads (what is not short)      Brevity: which WAR is short
 * </pre>
 */
@NullMarked
package marina.worker;

import org.jspecify.annotations.NullMarked;
