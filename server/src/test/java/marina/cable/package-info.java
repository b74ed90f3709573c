/** Live updates as browsers and applications see them. */
@org.jspecify.annotations.NullMarked
package marina.cable;
