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
import java.util.function.Supplier;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
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
import org.snakeyaml.engine.v2.parser.Parser;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** Reads one YAML 1.2 file into {@link Value}s with line and column. Whatever is wrong with it becomes a problem. */
final class YamlFile {
    /** Far more than any configuration; fewer than a handful of nested aliases can make. */
    static final int MOST_VALUES = 200_000;

    private static final int DEEPEST = 50;

    /** In characters. */
    static final int LONGEST = 20_000_000;

    private static final Set<Tag> TAGS = Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL, Tag.SEQ, Tag.MAP);

    private final Part part;
    private final Reading reading;
    private int values;
    private boolean anchors;

    private YamlFile(Part part, Reading reading) {
        this.part = part;
        this.reading = reading;
    }

    /**
     * What is read: a whole file, or lines of it which are the whole of a mapping, or some of its keys.
     *
     * @param file its name for the operator
     * @param linesBefore so many lines come before it in the file
     * @param key of the mapping; empty for the file itself
     */
    record Part(String file, int linesBefore, String key) {
        static Part whole(String file) {
            return new Part(file, 0, "");
        }

        private SourceLocation at(int line, int column) {
            return new SourceLocation(file, line < 1 ? 0 : linesBefore + line, column);
        }

        /** Levels that are not part of it. */
        private int depth() {
            return key.isEmpty() ? 0 : 1;
        }
    }

    /**
     * What was read.
     *
     * @param values how many values are in it
     * @param anchors whether something in it can be meant elsewhere in the file
     */
    record Result(Value.Mapping mapping, int values, boolean anchors) {}

    /** Reads a file whose top level is a mapping; an empty file is an empty mapping, empty means that problems were found. */
    static Optional<Value.Mapping> read(Path file, Reading reading) {
        return read(file, reading, reading.files()::read);
    }

    /** Reads text that is there already, in the same way. */
    static Optional<Result> parse(Part part, byte[] text, Reading reading) {
        YamlFile yaml = new YamlFile(part, reading);
        return yaml.guarded(() -> yaml.decode(text)).map(mapping -> new Result(mapping, yaml.values, yaml.anchors));
    }

    /** A file that is there, and cannot be read. */
    static void cannotBeRead(Path file, IOException reason, Reading reading) {
        reading.problem(SourceLocation.of(reading.directories().display(file)), "", "cannot be read: " + reason);
    }

    /** Reads one that is no part of the configuration, in the same way. */
    static Optional<Value.Mapping> look(Path file, Reading reading) {
        reading.outside().somethingElse();
        return read(file, reading, reading.files()::look);
    }

    private interface Source {
        byte[] read(Path file) throws IOException;
    }

    private static Optional<Value.Mapping> read(Path file, Reading reading, Source source) {
        try {
            return parse(Part.whole(reading.directories().display(file)), source.read(file), reading)
                    .map(Result::mapping);
        } catch (IOException e) {
            cannotBeRead(file, e, reading);
            return Optional.empty();
        }
    }

    private Optional<Value.Mapping> guarded(Supplier<String> text) {
        try {
            return parse(text.get());
        } catch (MarkedYamlEngineException e) {
            Optional<Mark> mark = e.getProblemMark().or(e::getContextMark);
            problem(mark.map(this::location).orElse(part.at(0, 0)), explain(e));
        } catch (YamlEngineException e) {
            problem(part.at(0, 0), "is not valid YAML: " + e.getMessage());
        } catch (Unreadable e) {
            problem(e.location, String.valueOf(e.getMessage()));
        }
        return Optional.empty();
    }

    private void problem(SourceLocation location, String message) {
        reading.problem(location, "", message);
    }

    private SourceLocation location(Mark mark) {
        return part.at(mark.getLine() + 1, mark.getColumn() + 1);
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
                .setLabel(part.file)
                .setSchema(new CoreSchema())
                .setMaxAliasesForCollections(1_000)
                .setCodePointLimit(LONGEST)
                .build();
        Parser parser = new ParserImpl(settings, new StreamReader(settings, text));
        Optional<Node> root =
                new Composer(settings, new Shallow(parser, DEEPEST - part.depth(), this::tooDeep)).getSingleNode();
        Value.Mapping nothing = Value.Mapping.empty(part.at(1, 1), part.key);
        if (root.isEmpty()) {
            return Optional.of(nothing);
        }
        Value value = convert(root.get(), part.key);
        if (value instanceof Value.Mapping mapping) {
            return Optional.of(mapping);
        }
        if (value instanceof Value.Scalar scalar && scalar.isNull()) {
            return Optional.of(nothing);
        }
        reading.problem(value, value.describe() + " at the top level; write keys with values, e.g. listen: 8080");
        return Optional.empty();
    }

    private Unreadable tooDeep(Event event) {
        return new Unreadable(
                event.getStartMark().map(this::location).orElse(part.at(0, 0)),
                "lies more than " + DEEPEST + " levels deep; check brackets");
    }

    private Value convert(Node node, String key) {
        SourceLocation location = location(node);
        if (node.isRecursive()) {
            throw new Unreadable(location, "an alias refers to the value that it is part of; remove it");
        }
        values++;
        anchors |= node.getAnchor().isPresent();
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
            anchors |= scalar.getAnchor().isPresent();
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
        return node.getStartMark().map(this::location).orElse(part.at(0, 0));
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
            throw new Unreadable(part.at(line, column), "is not UTF-8 text from here on; save the file as UTF-8");
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
