/** The access log on its way to the disk. */
@org.jspecify.annotations.NullMarked
package marina.access;
