package marina.valve;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import marina.config.Regex;
import org.jspecify.annotations.Nullable;

/**
 * Finds the patterns of a list that can match a text at all, in the order of the list, by reading the text once: a trie of
 * the prefixes of the patterns. Immutable.
 */
final class PrefixIndex {
    private static final int[] NONE = {};

    private final Node root = new Node();

    PrefixIndex(List<Regex> patterns) {
        for (int number = 0; number < patterns.size(); number++) {
            Set<String> prefixes = PatternPrefixes.of(patterns.get(number).toString());
            for (String prefix : prefixes) {
                Node node = root;
                for (int i = 0; i < prefix.length(); i++) {
                    node = node.make(prefix.charAt(i));
                }
                node.add(number);
            }
        }
    }

    /** The numbers of the patterns to ask, ascending; each may occur more than once. */
    int[] candidates(String text) {
        int[] found = root.numbers;
        @Nullable Node node = root;
        for (int i = 0; i < text.length(); i++) {
            node = node.get(text.charAt(i));
            if (node == null) {
                break;
            }
            found = merge(found, node.numbers);
        }
        return found;
    }

    private static int[] merge(int[] one, int[] other) {
        if (other.length == 0) {
            return one;
        }
        if (one.length == 0) {
            return other;
        }
        int[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        Arrays.sort(both);
        return both;
    }

    /** A place in the trie; its children are few, so they are searched in a row. */
    private static final class Node {
        private final List<Node> children = new ArrayList<>();
        private char[] letters = {};
        private int[] numbers = NONE;

        @Nullable
        Node get(char letter) {
            for (int i = 0; i < letters.length; i++) {
                if (letters[i] == letter) {
                    return children.get(i);
                }
            }
            return null;
        }

        Node make(char letter) {
            Node child = get(letter);
            if (child == null) {
                child = new Node();
                letters = Arrays.copyOf(letters, letters.length + 1);
                letters[letters.length - 1] = letter;
                children.add(child);
            }
            return child;
        }

        void add(int number) {
            if (Arrays.binarySearch(numbers, number) < 0) {
                numbers = merge(numbers, new int[] {number});
            }
        }
    }
}
