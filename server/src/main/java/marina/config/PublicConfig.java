package marina.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * Files that are answered before any context.
 *
 * @param directory the folder, empty for none
 * @param prefix what is taken off paths before a file is looked for; empty for base_path, or the path of the context
 * @param extensions without the dot; none means all
 * @param tryFiles what is tried for a path that is no file, in order: a name in the folder, or a suffix such as .html
 * @param trailingSlash whether a path that is a folder with an index.html is redirected to the same with a slash
 * @param cache by path
 */
public record PublicConfig(
        Path directory,
        String prefix,
        Set<String> extensions,
        List<String> tryFiles,
        boolean trailingSlash,
        List<CacheRule> cache) {
    /** No files. */
    public static final PublicConfig NONE = new PublicConfig(Path.of(""), "", Set.of(), List.of(), true, List.of());

    static final List<String> INDEX = List.of("index.html");

    /** A folder that is a site of its own, where nothing else is written. */
    static PublicConfig site(Path folder) {
        return new PublicConfig(folder, "", Set.of(), INDEX, true, List.of());
    }

    /** Copies its collections. */
    public PublicConfig {
        extensions = Set.copyOf(extensions);
        tryFiles = List.copyOf(tryFiles);
        cache = List.copyOf(cache);
    }

    /**
     * What is taken off paths, without a slash at the end.
     *
     * @param otherwise where nothing is written
     */
    public String prefixOr(String otherwise) {
        return prefix.isEmpty() ? otherwise : prefix.equals("/") ? "" : prefix;
    }

    /** Whether there is a folder. */
    public boolean enabled() {
        return !directory.toString().isEmpty();
    }
}
