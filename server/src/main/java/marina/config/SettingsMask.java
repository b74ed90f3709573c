package marina.config;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Masks what is secret in the text of one file of settings, and leaves the rest as it is written. The parser tells where a
 * value begins and ends; a file that it does not understand loses more than its secrets. One thread.
 */
final class SettingsMask {
    private static final String WORDS = "(?:PASSWORD|(?<!HT)PASSWD|SECRET|TOKEN|KEY|CREDENTIAL|AUTHORIZATION)";
    private static final Pattern KEY = Pattern.compile("(?is).*" + WORDS + ".*");

    /** In comments, and in files that cannot be parsed: the key and all that follows in its line. */
    private static final Pattern IN_LINE = Pattern.compile("(?i)([\\w.-]*" + WORDS + "[\\w-]*[\"']?[ \\t]*[:=]).*");

    /** A variable or an option within a value: {@code DB_PASSWORD=…}, {@code --token=…}. */
    private static final Pattern ASSIGNED = Pattern.compile("(?i)([\\w.-]*(?:PWD|" + WORDS + ")[\\w-]*=)[^&;\\n]*");

    private static final Pattern FROM_ENVIRONMENT = Pattern.compile("(?:\\$\\{\\w+})+");

    private final String yaml;
    private final List<Change> changes = new ArrayList<>();
    private final Map<Anchor, Change> anchored = new HashMap<>();
    private final Set<Anchor> secretAnchors = new HashSet<>();
    private final Deque<Collection> open = new ArrayDeque<>();
    private int commentsFrom;
    private final StringBuilder masked = new StringBuilder();

    private SettingsMask(String yaml) {
        this.yaml = yaml;
    }

    /** A part of the text and what takes its place; both offsets count chars. */
    private record Change(int from, int to, String text) {}

    /** A list or a mapping around what is read. */
    private static final class Collection {
        private final boolean mapping;
        private final boolean secret;
        private @Nullable String key; // of the value that comes next; null where a key comes next

        Collection(boolean mapping, boolean secret) {
            this.mapping = mapping;
            this.secret = secret;
        }
    }

    /** The text without its secrets. */
    static String of(String yaml) {
        try {
            return new SettingsMask(yaml).mask();
        } catch (YamlEngineException | IndexOutOfBoundsException e) {
            return byLines(yaml);
        }
    }

    private String mask() {
        for (Event event : new Parse(LoadSettings.builder().build()).parseString(yaml)) {
            if (event instanceof ScalarEvent scalar) {
                scalar(scalar);
            } else if (event instanceof AliasEvent alias) {
                if (takeSecret(null)) {
                    secretAnchors.add(alias.getAlias());
                }
            } else if (event instanceof CollectionStartEvent start) {
                boolean secret = takeSecret(null);
                open.push(new Collection(start instanceof MappingStartEvent, secret));
            } else if (event instanceof CollectionEndEvent) {
                open.pop();
            }
        }
        secretAnchors.stream()
                .flatMap(anchor -> Optional.ofNullable(anchored.get(anchor)).stream())
                .forEach(changes::add);
        return apply();
    }

    /** Whether the node that comes now is a secret value; a key is remembered for the value behind it. */
    private boolean takeSecret(@Nullable String text) {
        Collection around = open.peek();
        if (around == null || !around.mapping) {
            return around != null && around.secret;
        }
        if (around.key == null) {
            around.key = text == null ? "" : text;
            return false;
        }
        boolean secret = around.secret || KEY.matcher(around.key).matches();
        around.key = null;
        return secret;
    }

    private void scalar(ScalarEvent scalar) {
        int from = offset(scalar.getStartMark());
        int to = offset(scalar.getEndMark());
        String raw = yaml.substring(from, to);
        String end = raw.substring(raw.stripTrailing().length()); // of a block, which ends with its lines
        Change whole = new Change(from, to, Secrets.MASK + end);
        scalar.getAnchor().ifPresent(anchor -> anchored.put(anchor, whole));
        if (takeSecret(scalar.getValue())) {
            boolean shown = scalar.getValue().isEmpty()
                    || FROM_ENVIRONMENT.matcher(scalar.getValue()).matches();
            if (!shown) {
                changes.add(whole);
            }
            return;
        }
        boolean quoted = scalar.getScalarStyle() == ScalarStyle.SINGLE_QUOTED
                || scalar.getScalarStyle() == ScalarStyle.DOUBLE_QUOTED;
        int last = quoted ? raw.length() - 1 : raw.length() - end.length();
        String text = raw.substring(0, last);
        String shown = Secrets.maskUrl(ASSIGNED.matcher(text).replaceAll("$1" + Secrets.MASK));
        if (!shown.equals(text)) {
            changes.add(new Change(from, from + last, shown));
        } else {
            changes.add(new Change(from, to, raw)); // nothing in it is a comment
        }
    }

    private String apply() {
        changes.sort(
                Comparator.comparingInt(Change::from).thenComparing(change -> !change.text.startsWith(Secrets.MASK)));
        for (Change change : changes) {
            if (change.from >= commentsFrom) {
                copyOutside(change.from);
                masked.append(change.text);
                commentsFrom = change.to;
            }
        }
        copyOutside(yaml.length());
        return masked.toString();
    }

    /** What is no value: punctuation, blanks and comments. */
    private void copyOutside(int to) {
        String text = yaml.substring(commentsFrom, to);
        for (String line : text.split("(?<=\n)", -1)) {
            int hash = line.indexOf('#');
            masked.append(hash < 0 ? line : line.substring(0, hash) + maskLine(line.substring(hash)));
        }
    }

    private static String maskLine(String text) {
        Matcher found = IN_LINE.matcher(text);
        return Secrets.maskUrl(found.find() ? found.replaceFirst("$1 " + Secrets.MASK) : text);
    }

    /** The parser counts characters where Java's strings count pairs of surrogates. */
    private int offset(Optional<Mark> mark) {
        return yaml.offsetByCodePoints(0, mark.map(Mark::getIndex).orElse(0));
    }

    /** For what is no YAML: from a secret key to the end of its line, and what is indented below it. */
    private static String byLines(String text) {
        StringBuilder masked = new StringBuilder();
        int hidden = Integer.MAX_VALUE; // lines that are indented deeper than this
        for (String line : text.split("(?<=\n)", -1)) {
            int indent = line.length() - line.stripLeading().length();
            if (!line.isBlank() && indent <= hidden) {
                hidden = Integer.MAX_VALUE;
            }
            if (hidden < Integer.MAX_VALUE) {
                continue;
            }
            if (IN_LINE.matcher(line).find()) {
                hidden = indent;
            }
            masked.append(maskLine(line));
        }
        return masked.toString();
    }
}
