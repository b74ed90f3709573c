/** Log lines as Vector gets them. */
@org.jspecify.annotations.NullMarked
package marina.vector;
