/** Tests of the configuration: golden files, the full mapping, and the samples of the documentation. */
@NullMarked
package marina.config;

import org.jspecify.annotations.NullMarked;
