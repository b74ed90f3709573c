package marina.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** Reads one YAML 1.2 file into {@link Value}s with line and column. Whatever is wrong with it becomes a problem. */
final class YamlFile {
    /** Far more than any configuration; fewer than a handful of nested aliases can make. */
    private static final int MOST_VALUES = 200_000;

    private static final int DEEPEST = 50;

    private static final Set<Tag> TAGS = Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL, Tag.SEQ, Tag.MAP);

    private final String name;
    private final Reading reading;
    private int values;

    private YamlFile(String name, Reading reading) {
        this.name = name;
        this.reading = reading;
    }

    /** Reads a file whose top level is a mapping; an empty file is an empty mapping, empty means that problems were found. */
    static Optional<Value.Mapping> read(Path file, Reading reading) {
        return read(file, reading, reading.files()::read);
    }

    /** Reads one that is no part of the configuration, in the same way. */
    static Optional<Value.Mapping> look(Path file, Reading reading) {
        return read(file, reading, reading.files()::look);
    }

    private interface Source {
        byte[] read(Path file) throws IOException;
    }

    private static Optional<Value.Mapping> read(Path file, Reading reading, Source source) {
        YamlFile yaml = new YamlFile(reading.directories().display(file), reading);
        try {
            return yaml.parse(yaml.decode(source.read(file)));
        } catch (IOException e) {
            yaml.problem(0, 0, "cannot be read: " + e);
        } catch (MarkedYamlEngineException e) {
            Optional<Mark> mark = e.getProblemMark().or(e::getContextMark);
            yaml.problem(
                    mark.map(Mark::getLine).orElse(-1) + 1,
                    mark.map(Mark::getColumn).orElse(-1) + 1,
                    yaml.explain(e));
        } catch (YamlEngineException e) {
            yaml.problem(0, 0, "is not valid YAML: " + e.getMessage());
        } catch (Unreadable e) {
            yaml.problem(e.location.line(), e.location.column(), String.valueOf(e.getMessage()));
        }
        return Optional.empty();
    }

    private void problem(int line, int column, String message) {
        reading.problem(new SourceLocation(name, line, column), "", message);
    }

    private String explain(MarkedYamlEngineException e) {
        if ("but found another document".equals(e.getProblem())) {
            return "a second YAML document begins here; write one document per file";
        }
        String context = e.getContext() == null || e.getContext().isEmpty() ? "" : " " + e.getContext();
        return "is not valid YAML:" + context + (context.isEmpty() ? " " : ": ") + e.getProblem();
    }

    private Optional<Value.Mapping> parse(String text) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(name)
                .setSchema(new CoreSchema())
                .setMaxAliasesForCollections(1_000)
                .setCodePointLimit(20_000_000)
                .build();
        refuseDeepNesting(settings, text);
        Optional<Node> root = new Compose(settings).composeString(text);
        Value.Mapping nothing = Value.Mapping.empty(new SourceLocation(name, 1, 1), "");
        if (root.isEmpty()) {
            return Optional.of(nothing);
        }
        Value value = convert(root.get(), "");
        if (value instanceof Value.Mapping mapping) {
            return Optional.of(mapping);
        }
        if (value instanceof Value.Scalar scalar && scalar.isNull()) {
            return Optional.of(nothing);
        }
        reading.problem(value, value.describe() + " at the top level; write keys with values, e.g. listen: 8080");
        return Optional.empty();
    }

    /** The composer calls itself for each level; events come without a stack. */
    private void refuseDeepNesting(LoadSettings settings, String text) {
        int depth = 0;
        for (Event event : new Parse(settings).parseString(text)) {
            depth += event instanceof CollectionStartEvent ? 1 : event instanceof CollectionEndEvent ? -1 : 0;
            if (depth > DEEPEST) {
                int line = event.getStartMark().map(Mark::getLine).orElse(-1) + 1;
                int column = event.getStartMark().map(Mark::getColumn).orElse(-1) + 1;
                throw new Unreadable(
                        new SourceLocation(name, line, column),
                        "lies more than " + DEEPEST + " levels deep; check brackets");
            }
        }
    }

    private Value convert(Node node, String key) {
        SourceLocation location = location(node);
        if (node.isRecursive()) {
            throw new Unreadable(location, "an alias refers to the value that it is part of; remove it");
        }
        values++;
        if (values > MOST_VALUES) {
            throw new Unreadable(location, "aliases multiply to more than " + MOST_VALUES + " values; write fewer");
        }
        if (!TAGS.contains(node.getTag())) {
            reading.problem(location, key, "YAML tag " + node.getTag().getValue() + " has no meaning here; remove it");
        }
        if (node instanceof MappingNode mapping) {
            return convertMapping(mapping, location, key);
        }
        if (node instanceof SequenceNode sequence) {
            List<Value> items = new ArrayList<>();
            for (Node item : sequence.getValue()) {
                items.add(convert(item, key + "[" + items.size() + "]"));
            }
            return new Value.Sequence(location, key, items);
        }
        ScalarNode scalar = (ScalarNode) node;
        return new Value.Scalar(
                location,
                key,
                withoutZero(scalar.getValue(), location, key),
                scalar.getTag().equals(Tag.NULL));
    }

    /** No path, argument, variable or name can have one, and each would fail in a way of its own. */
    private String withoutZero(String text, SourceLocation location, String key) {
        if (text.indexOf('\0') < 0) {
            return text;
        }
        reading.problem(location, key, "contains a character with the code 0, which nothing can use; remove it");
        return text.replace("\0", "");
    }

    private Value convertMapping(MappingNode mapping, SourceLocation location, String key) {
        Map<String, Value.Entry> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            SourceLocation keyLocation = location(tuple.getKeyNode());
            if (!(tuple.getKeyNode() instanceof ScalarNode scalar)) {
                reading.problem(keyLocation, key, "a key must be a text");
                continue;
            }
            String own = withoutZero(scalar.getValue(), keyLocation, key);
            String fullKey = key.isEmpty() ? own : key + "." + own;
            Value.Entry entry = new Value.Entry(keyLocation, convert(tuple.getValueNode(), fullKey));
            Value.Entry first = entries.putIfAbsent(own, entry);
            if (first != null) {
                reading.problem(
                        keyLocation, fullKey, "is written twice, first at " + first.location() + "; keep one of them");
            }
        }
        return new Value.Mapping(location, key, entries);
    }

    private SourceLocation location(Node node) {
        return node.getStartMark()
                .map(mark -> new SourceLocation(name, mark.getLine() + 1, mark.getColumn() + 1))
                .orElse(SourceLocation.of(name));
    }

    private String decode(byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length + 1);
        CoderResult result = decoder.decode(in, out, true);
        String text = out.flip().toString();
        if (result.isError()) {
            int line = 1 + (int) text.chars().filter(c -> c == '\n').count();
            int column = text.length() - text.lastIndexOf('\n');
            throw new Unreadable(
                    new SourceLocation(name, line, column), "is not UTF-8 text from here on; save the file as UTF-8");
        }
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    /** The file as a whole cannot be used, because of what stands at one place. */
    private static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient SourceLocation location;

        Unreadable(SourceLocation location, String message) {
            super(message, null, false, false);
            this.location = location;
        }
    }
}
