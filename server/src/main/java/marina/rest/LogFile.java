package marina.rest;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.util.ajax.JSON;

/**
 * A log file of the server or of a context, line by line. Never reads more than its last megabytes.
 *
 * @param source what the lines are from: {@code server}, or the path of a context
 */
record LogFile(Path file, String source) {
    private static final int MOST_BYTES = 4 << 20;
    private static final Pattern LINE = Pattern.compile(
            "(\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3}) (TRACE|DEBUG|INFO|WARN|ERROR|out|err|log) +(.*)");

    /**
     * Lines of the file.
     *
     * @param lines whole ones
     * @param end where the next one begins
     */
    record Piece(List<String> lines, long end) {
        /** The last of its lines that hold a text. */
        Piece last(int count, String search) {
            List<String> found = new ArrayList<>();
            for (String line : lines) {
                if (holds(line, search)) {
                    found.add(line);
                }
            }
            return new Piece(found.subList(Math.max(0, found.size() - count), found.size()), end);
        }
    }

    /** The last lines that hold a text, all of them where it is empty; none when there is no file. */
    Piece last(int count, String search) throws IOException {
        long size = Files.exists(file) ? Files.size(file) : 0;
        return size == 0
                ? new Piece(List.of(), 0)
                : read(Math.max(0, size - MOST_BYTES), size).last(count, search);
    }

    /** Whole lines from a place on; where the file has become shorter, from its beginning. */
    Piece from(long begin) throws IOException {
        if (!Files.exists(file)) {
            return new Piece(List.of(), 0);
        }
        long size = Files.size(file);
        long from = size < begin ? 0 : begin;
        return size == from ? new Piece(List.of(), size) : read(Math.max(from, size - MOST_BYTES), size);
    }

    /** Whether a line holds a text, in either case. */
    static boolean holds(String line, String search) {
        return search.isEmpty() || line.toLowerCase(Locale.ROOT).contains(search.toLowerCase(Locale.ROOT));
    }

    /** Lines as JSON. */
    List<Map<String, Object>> json(Piece piece) {
        return piece.lines().stream().map(this::json).toList();
    }

    /** A line as JSON. */
    Map<String, Object> json(String line) {
        Map<String, Object> json = new LinkedHashMap<>();
        Matcher matcher = LINE.matcher(line);
        if (matcher.matches()) {
            json.put("at", matcher.group(1).replace(' ', 'T'));
            json.put("level", matcher.group(2));
            json.put("source", source);
            json.put("text", matcher.group(3));
        } else if (line.startsWith("{") && parsed(line) instanceof Map<?, ?> map && map.get("message") != null) {
            json.put("at", String.valueOf(map.get("time")));
            json.put("level", String.valueOf(map.get("level")));
            json.put("source", source);
            json.put("text", String.valueOf(map.get("message")));
        } else {
            json.put("at", "");
            json.put("level", "");
            json.put("source", source);
            json.put("text", line);
        }
        return json;
    }

    private static Object parsed(String line) {
        try {
            return new JSON().fromJSON(line);
        } catch (RuntimeException | StackOverflowError e) { // brackets in brackets
            return line;
        }
    }

    private Piece read(long begin, long end) throws IOException {
        byte[] bytes = new byte[(int) (end - begin)];
        try (RandomAccessFile data = new RandomAccessFile(file.toFile(), "r")) {
            data.seek(begin);
            data.readFully(bytes);
        }
        int last = bytes.length;
        while (last > 0 && bytes[last - 1] != '\n') {
            last--;
        }
        String text = new String(bytes, 0, last, StandardCharsets.UTF_8);
        return new Piece(text.lines().toList(), begin + last);
    }
}
