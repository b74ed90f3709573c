package marina.config;

import java.util.ArrayList;
import java.util.List;

/** Splits one text into a program and its arguments as a POSIX shell would, but expands nothing. */
final class CommandLine {
    private static final char NONE = '\0';

    private final String line;
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean inWord;
    private char quote = NONE;

    private CommandLine(String line) {
        this.line = line;
    }

    /**
     * Splits at blanks, honouring single quotes, double quotes and backslashes.
     *
     * @throws BadText when a quote or an escape is not finished
     */
    static List<String> split(String line) {
        CommandLine commandLine = new CommandLine(line);
        commandLine.split();
        return List.copyOf(commandLine.words);
    }

    private void split() {
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\\' && escapes(i)) {
                i++;
                add(line.charAt(i));
            } else if (quote != NONE) {
                quoted(c);
            } else if (c == '"' || c == '\'') {
                quote = c;
                inWord = true;
            } else if (Character.isWhitespace(c)) {
                endWord();
            } else {
                add(c);
            }
        }
        if (quote != NONE) {
            throw BadText.of(
                    "has a " + quote + " without its partner; close the quote, or write the command as a list");
        }
        endWord();
    }

    /** In single quotes a backslash is itself, in double quotes it escapes only what is special there. */
    private boolean escapes(int i) {
        if (quote == '\'') {
            return false;
        }
        if (i + 1 == line.length()) {
            throw BadText.of("ends with a backslash that escapes nothing; remove it");
        }
        return quote == NONE || "\"\\$`".indexOf(line.charAt(i + 1)) >= 0;
    }

    private void quoted(char c) {
        if (c == quote) {
            quote = NONE;
        } else {
            add(c);
        }
    }

    private void add(char c) {
        word.append(c);
        inWord = true;
    }

    private void endWord() {
        if (inWord) {
            words.add(word.toString());
        }
        word.setLength(0);
        inWord = false;
    }
}
