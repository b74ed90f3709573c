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
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds the contexts that were dropped into {@code webapps/}: WARs, exploded WARs, folders with a Procfile, folders of files. */
final class WebappsScanner {
    private static final String WAR = ".war";
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
     * @param version what its name says, and where it lies
     * @param source the context
     * @param older the WARs with lower versions of a WAR, the highest first
     */
    record Found(WarVersion version, ContextSource source, List<WarVersion> older) {}

    /**
     * What would be mounted if no descriptor said otherwise.
     *
     * @param taken what is mounted elsewhere, and nowhere else for that
     */
    List<Found> scan(ContextPath basePath, Set<Path> taken) {
        List<Found> found = new ArrayList<>();
        byName().forEach((name, all) -> {
            List<Candidate> candidates = all.stream()
                    .filter(one -> !taken.contains(one.version.archive()))
                    .toList();
            if (candidates.isEmpty()) {
                return;
            }
            Candidate best = candidates.get(0);
            String file = reading.directories().display(best.version.archive());
            try {
                if (name.isEmpty()) {
                    throw BadText.of("has nothing before the version; write ROOT" + file.substring(file.indexOf("##"))
                            + " for the context /");
                }
                ContextPath path = ContextFiles.pathOf(name, basePath);
                found.add(new Found(
                        best.version,
                        new ContextSource(path, best.written.location(), best.written),
                        best.isWar() ? wars(candidates.subList(1, candidates.size())) : List.of()));
            } catch (BadText e) {
                reading.problem(SourceLocation.of(file), "", "its name " + e.getMessage());
            }
        });
        return found;
    }

    /** All WARs of a name, the highest version first. */
    List<WarVersion> versions(String name) {
        return wars(byName().getOrDefault(name, List.of()));
    }

    private static List<WarVersion> wars(List<Candidate> candidates) {
        return candidates.stream()
                .filter(Candidate::isWar)
                .map(candidate -> candidate.version)
                .toList();
    }

    /** The highest version first; of each version one, which is the packed WAR if there is one. */
    private Map<String, List<Candidate>> byName() {
        Map<String, SortedMap<String, Candidate>> names = new TreeMap<>();
        for (Path entry : entries()) {
            candidate(entry).ifPresent(candidate -> names.computeIfAbsent(
                            candidate.name, name -> new TreeMap<>(new VersionOrder().reversed()))
                    .merge(candidate.version.version(), candidate, (a, b) -> a.packed ? a : b));
        }
        Map<String, List<Candidate>> result = new TreeMap<>();
        names.forEach((name, versions) -> result.put(name, List.copyOf(versions.values())));
        return result;
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
    private record Candidate(String name, WarVersion version, boolean packed, Value.Mapping written) {

        Candidate(Path entry, String file, boolean packed, Value.Mapping written) {
            this(WarVersion.nameOf(file), new WarVersion(entry, WarVersion.versionOf(file)), packed, written);
        }

        boolean isWar() {
            return written.entries().containsKey("war");
        }
    }
}
