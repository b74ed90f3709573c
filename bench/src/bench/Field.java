package bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Who runs now: those whom a group of scenarios needs. Who is needed by the next group too is not started again. */
final class Field implements AutoCloseable {
    private final Contestant.Course course;
    private final Map<String, Contestant> running = new LinkedHashMap<>();
    private final Map<String, Contestant> standing;

    /** {@code standing} run already, and go on. */
    Field(Contestant.Course course, List<Contestant> standing) {
        this.course = course;
        this.standing = standing.stream().collect(Collectors.toMap(Contestant::name, Function.identity()));
    }

    /** Has these run and no others; those that are not installed are missing. In the order of the names. */
    Map<String, Contestant> of(List<String> names) throws Exception {
        for (String name : List.copyOf(running.keySet())) {
            if (!names.contains(name)) {
                end(name);
            }
        }
        Map<String, Contestant> wanted = new LinkedHashMap<>();
        for (String name : names) {
            if (standing.containsKey(name)) {
                wanted.put(name, standing.get(name));
                continue;
            }
            if (!running.containsKey(name)) {
                starter(name).start(course).ifPresent(contestant -> running.put(name, contestant));
            }
            if (running.containsKey(name)) {
                wanted.put(name, running.get(name));
            }
        }
        return wanted;
    }

    private static Contestant.Starter starter(String name) {
        return switch (Scenario.kind(name)) {
            case "marina" -> Marinas::marina;
            case "one" -> course -> Marinas.single(name, course);
            case "ten-thousand" -> course -> Marinas.thousands(name, course);
            case "tomcat" -> Marinas::tomcat;
            default -> Competitors.ALL.get(name);
        };
    }

    private void end(String name) throws IOException {
        running.remove(name).close();
        delete(course.folder(name));
    }

    @Override
    public void close() throws IOException {
        for (String name : List.copyOf(running.keySet())) {
            end(name);
        }
    }

    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
