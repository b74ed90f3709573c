package marina.machine;

/**
 * What the Machines API has answered.
 *
 * @param status of HTTP
 * @param text the beginning of the body, in one line
 */
public record ApiAnswer(int status, String text) {
    boolean accepted() {
        return status >= 200 && status < 300;
    }
}
