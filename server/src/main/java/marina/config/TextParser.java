package marina.config;

/**
 * Turns the text of one value into what it means.
 *
 * @param <T> what it means
 */
@FunctionalInterface
interface TextParser<T> {

    /**
     * Parses.
     *
     * @throws BadText when the text is not of this form
     */
    T parse(String text);
}
