/** Tests of WAR hosting: WARs are compiled and packed on the fly against the jars of lib/eeN. */
@NullMarked
package marina.webapp;

import org.jspecify.annotations.NullMarked;
