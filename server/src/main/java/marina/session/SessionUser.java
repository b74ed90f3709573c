package marina.session;

/** A user who has logged in to an application, and whose session may be kept. Thread-safe. */
public interface SessionUser {

    /** What the login was verified by, without giving it away: another one when the password changes. */
    String mark();
}
