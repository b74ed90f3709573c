package example.todo;

import java.util.regex.Pattern;

/** Turns what was typed, or sent by any other means, into the text of an item. */
final class ItemText {
    /** Line ends, tabs, NUL (which PostgreSQL refuses) and runs of blanks: an item is one line. */
    private static final Pattern BLANKS = Pattern.compile("[\\p{Cntrl}\\p{Z}\\s]+");

    private ItemText() {}

    static String of(String typed) throws InvalidTextException {
        String text = BLANKS.matcher(typed).replaceAll(" ").strip();
        if (text.isEmpty()) {
            throw new InvalidTextException("Type what there is to do, then add it.");
        }
        int length = text.codePointCount(0, text.length());
        if (length > TodoItem.MAX_LENGTH) {
            throw new InvalidTextException("That is " + length + " characters; an item can have " + TodoItem.MAX_LENGTH
                    + ". Shorten it a little.");
        }
        return text;
    }
}
