/** The steps that a request passes before its context: routes, authentication, bots, public files, maintenance. */
@NullMarked
package marina.valve;

import org.jspecify.annotations.NullMarked;
