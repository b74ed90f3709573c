/**
 * Logins that a signed cookie remembers: with a form, or at a provider of OpenID Connect. Nothing is kept in the server but
 * who has logged out.
 */
@NullMarked
package marina.login;

import org.jspecify.annotations.NullMarked;
