/**
 * Reads files that were written for Navigator, by translating them to Marina's own form; everything behind the translation
 * is Marina's.
 */
@NullMarked
package marina.navigator;

import org.jspecify.annotations.NullMarked;
