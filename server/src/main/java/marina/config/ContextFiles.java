package marina.config;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Finds and reads {@code conf/contexts/**}{@code /*.yml}: one context each, whose path is the path of the file. */
final class ContextFiles {
    private static final String SUFFIX = ".yml";

    private final Path folder;
    private final Reading reading;

    ContextFiles(Reading reading) {
        this.reading = reading;
        folder = reading.directories().conf().resolve("contexts");
    }

    /** All contexts that can be read, in the order of their files. */
    List<ContextSource> read(ContextPath basePath) {
        List<ContextSource> sources = new ArrayList<>();
        for (Path file : files()) {
            String name = folder.relativize(file)
                    .toString()
                    .replace(file.getFileSystem().getSeparator(), "/");
            SourceLocation location = SourceLocation.of(reading.directories().display(file));
            if (!name.endsWith(SUFFIX)) {
                reading.problem(location, "", "is not read under this name; rename it to end in .yml");
                continue;
            }
            if (name.contains("##")) {
                reading.problem(
                        location,
                        "",
                        "its name has a version, and only WARs have versions; rename it to "
                                + WarVersion.nameOf(name) + SUFFIX + " and write war: "
                                + WarVersion.pattern(WarVersion.nameOf(String.valueOf(file.getFileName()))) + " in it");
                continue;
            }
            try {
                ContextPath path = pathOf(name.substring(0, name.length() - SUFFIX.length()), basePath);
                YamlFile.read(file, reading)
                        .ifPresent(written -> sources.add(new ContextSource(path, written.location(), written)));
            } catch (BadText e) {
                reading.problem(location, "", "its name " + e.getMessage());
            }
        }
        return sources;
    }

    private List<Path> files() {
        try {
            return reading.files().below(folder);
        } catch (IOException e) {
            reading.problem(SourceLocation.of(reading.directories().display(folder)), "", "cannot be listed: " + e);
            return List.of();
        }
    }

    /**
     * {@code sam/list1} and {@code sam#list1} are {@code /sam/list1}, {@code ROOT} is {@code /}; below the base path.
     *
     * @throws BadText when the name makes no path
     */
    static ContextPath pathOf(String name, ContextPath basePath) {
        String path = name.equals("ROOT") ? "/" : "/" + name.replace('#', '/');
        try {
            return below(basePath, Texts.contextPath(path));
        } catch (BadText e) {
            throw BadText.of("makes the context path " + Secrets.quote(path) + ", which " + e.getMessage()
                    + "; in names of files # stands for /");
        }
    }

    /** A path that an operator wrote, with the base path before it. */
    static ContextPath below(ContextPath basePath, ContextPath path) {
        if (basePath.isRoot()) {
            return path;
        }
        return path.isRoot() ? basePath : new ContextPath(basePath.value() + path.value());
    }
}
