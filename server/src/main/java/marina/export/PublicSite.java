package marina.export;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Stream;
import marina.config.PublicConfig;
import marina.files.CacheRules;

/**
 * The files of a folder, with the paths that lead to them: what {@code FileSite} answers, known ahead. Hidden files and what a
 * link leads to out of the folder are not among them.
 *
 * @param config how they are served
 * @param prefix before the paths of its files, without a slash at the end; empty for none
 * @param files in the order of their paths
 */
record PublicSite(PublicConfig config, String prefix, List<PublicFile> files) {
    private static final int HASH_BYTES = 16;
    private static final int DEPTH = 64;

    /** Copies its list. */
    PublicSite {
        files = List.copyOf(files);
    }

    /**
     * Looks through the folder.
     *
     * @param open whether a path within the site needs no password, whoever asks; files without such a path are left out
     */
    static PublicSite scan(PublicConfig config, String prefix, Predicate<String> open) throws IOException {
        Path root = config.directory().toRealPath();
        List<PublicFile> found = new ArrayList<>();
        try (Stream<Path> all = Files.walk(root, DEPTH, FileVisitOption.FOLLOW_LINKS)) {
            for (Path file : (Iterable<Path>) all.sorted()::iterator) {
                String path = "/" + root.relativize(file).toString().replace('\\', '/');
                if (!isHidden(path)
                        && Files.isRegularFile(file)
                        && file.toRealPath().startsWith(root)
                        && requestPaths(config, path).stream().anyMatch(open)) {
                    found.add(read(config, path, file));
                }
            }
        } catch (java.io.UncheckedIOException e) {
            throw e.getCause();
        }
        return new PublicSite(config, prefix, found);
    }

    /** The names that are looked for in a folder. */
    List<String> names() {
        return config.tryFiles().stream().filter(name -> !name.startsWith(".")).toList();
    }

    /** What is put behind a path. */
    List<String> suffixes() {
        return config.tryFiles().stream().filter(name -> name.startsWith(".")).toList();
    }

    /** The rules for Cache-Control, the longest prefix first. */
    List<CacheRules.Rule> cacheRules() {
        return CacheRules.Rule.inOrder(config.cache().stream()
                .map(rule -> new CacheRules.Rule(rule.prefix(), rule.maxAge(), rule.immutable()))
                .toList());
    }

    /** The Cache-Control of a file by its own path. */
    String cacheControl(PublicFile file) {
        return cacheRules().stream()
                .filter(rule -> (prefix + file.path()).startsWith(rule.prefix())
                        || file.path().startsWith(rule.prefix()))
                .findFirst()
                .orElse(CacheRules.Rule.DEFAULT)
                .field(true);
    }

    private static PublicFile read(PublicConfig config, String path, Path file) throws IOException {
        return new PublicFile(
                path,
                file,
                hash(file),
                Files.size(file),
                Files.getLastModifiedTime(file).toMillis() / 1000,
                isAllowed(config, path));
    }

    /** The paths within the site that may lead to a file. */
    static List<String> requestPaths(PublicConfig config, String path) {
        List<String> paths = new ArrayList<>();
        if (isAllowed(config, path)) {
            paths.add(path);
        }
        for (String name : config.tryFiles()) {
            boolean suffix = name.startsWith(".");
            if (path.endsWith(suffix ? name : "/" + name)) {
                String rest = path.substring(0, path.length() - name.length());
                if (!suffix || (!rest.endsWith("/") && rest.indexOf('.', rest.lastIndexOf('/')) < 0)) {
                    paths.add(rest);
                }
            }
        }
        return paths;
    }

    /** Whether a path leads to a file of its own name: {@code extensions} names one of its extensions, or none at all. */
    static boolean isAllowed(PublicConfig config, String path) {
        if (config.extensions().isEmpty()) {
            return true;
        }
        String name = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        return config.extensions().stream()
                .anyMatch(extension -> extensions(name).contains(extension.toLowerCase(Locale.ROOT)));
    }

    /** {@code tar.gz} and {@code gz} of {@code x.tar.gz}. */
    private static List<String> extensions(String name) {
        List<String> extensions = new ArrayList<>();
        for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
            extensions.add(name.substring(dot + 1));
        }
        return extensions;
    }

    private static boolean isHidden(String path) {
        boolean unusual = path.chars().anyMatch(c -> c < ' ' || c == 0x7f || c == '\\');
        return unusual || path.replace("/.well-known/", "/").contains("/.");
    }

    private static String hash(Path file) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        byte[] whole = digest.digest();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(java.util.Arrays.copyOf(whole, HASH_BYTES));
    }
}
