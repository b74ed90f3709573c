/** Former configurations, and the way back to them. */
@org.jspecify.annotations.NullMarked
package marina.history;
