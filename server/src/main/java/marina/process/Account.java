package marina.process;

/**
 * The account that a process runs under. All numbers: whoever asks for a process has looked the names up.
 *
 * @param uid number of the user; -1 for Marina's own account
 * @param gid number of the group
 * @param listed whether the system knows the user, and with it the other groups that the user is in
 */
public record Account(long uid, long gid, boolean listed) {
    /** Marina's own. */
    public static final Account OWN = new Account(-1, -1, false);

    /** Whether it is another one than Marina's own. */
    boolean isOther() {
        return uid >= 0;
    }
}
