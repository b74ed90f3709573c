/** Pools of real servers behind a real Marina. */
@org.jspecify.annotations.NullMarked
package marina.upstream;
