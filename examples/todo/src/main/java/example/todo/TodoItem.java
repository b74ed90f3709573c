package example.todo;

/**
 * One thing to do.
 *
 * @param id a UUID, made by the application because databases disagree on generated keys
 * @param text what the user typed, 1 to {@value #MAX_LENGTH} characters on one line; not escaped
 * @param done whether it is ticked off
 */
record TodoItem(String id, String text, boolean done) {
    /** In Unicode code points: what users and both PostgreSQL and MySQL count as characters. */
    static final int MAX_LENGTH = 200;
}
