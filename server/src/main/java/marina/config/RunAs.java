package marina.config;

/**
 * The account that a process runs under, as the system knew it while the configuration was loaded.
 *
 * @param user its name, or its number when the system has no name for it; empty for Marina's own account
 * @param uid number of the user
 * @param gid number of the group
 * @param home its home directory
 * @param listed whether the system knows the user, and with it the other groups that the user is in
 */
public record RunAs(String user, long uid, long gid, String home, boolean listed) {

    /** Marina's own account: nothing is switched. */
    public static final RunAs MARINA = new RunAs("", 0, 0, "", false);

    /** Whether this is another account than Marina's own. */
    public boolean switches() {
        return !user.isEmpty();
    }

    /** The same user in another group. */
    RunAs withGroup(long other) {
        return new RunAs(user, uid, other, home, listed);
    }
}
