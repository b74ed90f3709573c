/**
 * Certificates that Marina orders and renews itself: ACME (RFC 8555) with HTTP-01 challenges.
 *
 * <pre>
 * AcmeCertificates (which ones, one thread) → KeptCertificate (what is shown, when to try next)
 *                                                ├ CertificateStore (data/acme)
 *                                                └ Authority (one order) → Challenges ← the authority asks on port 80
 * </pre>
 */
@NullMarked
package marina.acme;

import org.jspecify.annotations.NullMarked;
