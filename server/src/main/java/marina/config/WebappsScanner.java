package marina.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds the contexts that were dropped into {@code webapps/}: WARs, exploded WARs, folders with a Procfile, folders of files. */
final class WebappsScanner {
    private static final String WAR = ".war";
    private static final String VERSION = "##";
    private static final Pattern WEB = Pattern.compile("web:\\s*(.+?)\\s*");
    private static final Pattern PORT = Pattern.compile("\\$(?:PORT\\b|\\{PORT})");

    private final Path folder;
    private final Reading reading;

    WebappsScanner(Reading reading) {
        this.reading = reading;
        folder = reading.directories().webapps();
    }

    /**
     * One file or folder for each path, with the context that it makes.
     *
     * @param archive the file or folder
     * @param source the context
     */
    record Found(Path archive, ContextSource source) {}

    /** What would be mounted if no descriptor said otherwise. */
    List<Found> scan(ContextPath basePath) {
        Map<String, Candidate> winners = new TreeMap<>();
        for (Path entry : entries()) {
            candidate(entry).ifPresent(candidate -> winners.merge(candidate.name, candidate, Candidate::better));
        }
        List<Found> found = new ArrayList<>();
        winners.forEach((name, candidate) -> {
            String file = reading.directories().display(candidate.entry);
            try {
                ContextPath path = ContextFiles.pathOf(name, basePath);
                found.add(new Found(
                        candidate.entry, new ContextSource(path, candidate.written.location(), candidate.written)));
            } catch (BadText e) {
                reading.problem(SourceLocation.of(file), "", "its name " + e.getMessage());
            }
        });
        return found;
    }

    private List<Path> entries() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(entry -> !String.valueOf(entry.getFileName()).startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            reading.problem(SourceLocation.of(reading.directories().display(folder)), "", "cannot be listed: " + e);
            return List.of();
        }
    }

    private Optional<Candidate> candidate(Path entry) {
        String file = String.valueOf(entry.getFileName());
        if (file.endsWith(WAR) && Files.isRegularFile(entry)) {
            String name = file.substring(0, file.length() - WAR.length());
            return Optional.of(new Candidate(entry, name, true, mapping(entry, Map.of("war", file))));
        }
        if (!Files.isDirectory(entry)) {
            return Optional.empty();
        }
        return folderContext(entry, file).map(written -> new Candidate(entry, file, false, written));
    }

    private Optional<Value.Mapping> folderContext(Path entry, String file) {
        if (Files.isDirectory(entry.resolve("WEB-INF"))) {
            return Optional.of(mapping(entry, Map.of("war", file)));
        }
        Path procfile = entry.resolve("Procfile");
        if (Files.isRegularFile(procfile)) {
            Optional<Value.Mapping> command = procfileContext(entry, procfile);
            if (command.isPresent()) {
                return command;
            }
        }
        return Files.isRegularFile(entry.resolve("index.html"))
                ? Optional.of(mapping(entry, Map.of("files", literal(entry))))
                : Optional.empty();
    }

    /** The {@code web:} line as a command. The port is known only at the start, as in every command context. */
    private Optional<Value.Mapping> procfileContext(Path entry, Path procfile) {
        String file = reading.directories().display(procfile);
        try {
            List<String> lines = Files.readAllLines(procfile, StandardCharsets.UTF_8);
            for (int i = 0; i < lines.size(); i++) {
                Matcher web = WEB.matcher(lines.get(i));
                if (web.matches()) {
                    String command = PORT.matcher(web.group(1)).replaceAll("\\${port}");
                    return Optional.of(mapping(
                            new SourceLocation(file, i + 1, 0),
                            Map.of("command", command, "directory", literal(entry))));
                }
            }
        } catch (IOException e) {
            reading.problem(SourceLocation.of(file), "", "cannot be read: " + e);
        }
        return Optional.empty();
    }

    private Value.Mapping mapping(Path entry, Map<String, String> values) {
        return mapping(SourceLocation.of(reading.directories().display(entry)), values);
    }

    private static Value.Mapping mapping(SourceLocation location, Map<String, String> values) {
        Map<String, Value.Entry> entries = new LinkedHashMap<>();
        values.forEach((key, text) ->
                entries.put(key, new Value.Entry(location, new Value.Scalar(location, key, text, false))));
        return new Value.Mapping(location, "", entries);
    }

    private static String literal(Path path) {
        return path.toString().replace("${", "$${");
    }

    /** A file or folder that could serve a path; {@code name} is without suffix and version. */
    private record Candidate(Path entry, String name, String version, boolean packed, Value.Mapping written) {

        Candidate(Path entry, String file, boolean packed, Value.Mapping written) {
            this(entry, nameOf(file), file.substring(nameOf(file).length()), packed, written);
        }

        private static String nameOf(String file) {
            int version = file.indexOf(VERSION);
            return version < 0 ? file : file.substring(0, version);
        }

        /** A packed WAR wins over a folder, then the higher version wins. */
        static Candidate better(Candidate a, Candidate b) {
            if (a.packed != b.packed) {
                return a.packed ? a : b;
            }
            return a.version.compareTo(b.version) >= 0 ? a : b;
        }
    }
}
