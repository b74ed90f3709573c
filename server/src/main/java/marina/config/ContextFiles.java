package marina.config;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds and reads {@code conf/contexts/**}{@code /*.yml}: one context each, whose path is the path of the file. */
final class ContextFiles {
    private static final String SUFFIX = ".yml";

    private final Path folder;
    private final Reading reading;
    private final Recollection recollection;
    private final Map<Path, ContextSource> read = new LinkedHashMap<>();
    private final List<ContextConfig> known = new ArrayList<>();

    ContextFiles(Reading reading, Recollection recollection) {
        this.reading = reading;
        this.recollection = recollection;
        folder = reading.directories().conf().resolve("contexts");
    }

    /** Those of the contexts that {@link #read} has found which need not be read anew. */
    List<ContextConfig> known() {
        return known;
    }

    /** To be called when those that {@link #read} yielded have been read. */
    void learn() {
        read.forEach((file, source) ->
                reading.files().content(file).ifPresent(text -> recollection.learn(file, text, source.location())));
    }

    /** All contexts that can be read and have to be, in the order of their files. */
    List<ContextSource> read(ContextPath basePath) {
        for (Path file : files()) {
            if (recollection.knows(file) && isKnown(file)) {
                continue;
            }
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
                read(file, path);
            } catch (BadText e) {
                reading.problem(location, "", "its name " + e.getMessage());
            }
        }
        return List.copyOf(read.values());
    }

    private boolean isKnown(Path file) {
        try {
            Optional<ContextConfig> same =
                    recollection.context(file, reading.files().read(file), reading.outside());
            same.ifPresent(known::add);
            return same.isPresent();
        } catch (IOException e) {
            return false; // as is said when it is read
        }
    }

    private void read(Path file, ContextPath path) {
        byte[] text;
        try {
            text = reading.files().read(file);
        } catch (IOException e) {
            YamlFile.cannotBeRead(file, e, reading);
            return;
        }
        YamlFile.parse(YamlFile.Part.whole(reading.directories().display(file)), text, reading)
                .map(YamlFile.Result::mapping)
                .ifPresent(written -> read.put(file, new ContextSource(path, written.location(), written)));
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
