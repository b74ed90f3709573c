/** Who people are: their passwords and roles, from the files of the operator. Slows down those who guess. */
@NullMarked
package marina.user;

import org.jspecify.annotations.NullMarked;
