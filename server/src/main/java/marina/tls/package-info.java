/**
 * Certificates and private keys in PEM files, as TLS listeners need them.
 */
@NullMarked
package marina.tls;

import org.jspecify.annotations.NullMarked;
