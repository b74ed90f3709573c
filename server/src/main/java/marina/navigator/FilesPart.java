package marina.navigator;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import marina.config.Value;

/** Public files and the maintenance page. Used by one thread. */
final class FilesPart {
    private static final String DEFAULT_FOLDER = "public";
    private static final String DEFAULT_PAGE = "/503.html";

    private final Report report;
    private final Names names;
    private final Places places;
    private final Tree directories;
    private String folder = DEFAULT_FOLDER;

    /**
     * For a file.
     *
     * @param file all of it
     */
    FilesPart(Report report, Names names, Places places, Value file) {
        this.directories = new Tree(file);
        this.report = report;
        this.names = names;
        this.places = places;
    }

    /**
     * Puts {@code public}.
     *
     * @param rootPath without a slash at the end, empty for none
     */
    void files(Written server, String rootPath, Tree tree) {
        Written files = server.section("static");
        Optional<Value.Scalar> written = either(files, server, "public_dir").flatMap(files::asScalar);
        written.ifPresent(text -> folder = names.ofServer(text));
        Tree result = new Tree(files.mapping());
        Value origin = written.map(Value.class::cast).orElse(files.mapping());
        result.put("directory", places.path(folder), origin);
        if (!rootPath.isEmpty()) {
            result.put("prefix", rootPath);
        }
        result.put("extensions", extensions(files, server), files.mapping());
        either(files, server, "try_files").ifPresent(value -> result.put("try_files", names(files, value), value));
        boolean slash = files.flag("normalize_trailing_slashes", false);
        result.put("trailing_slash", Boolean.toString(slash));
        either(files, server, "cache_control").ifPresent(value -> cache(value, result));
        files.value("directories").ifPresent(this::old);
        directories(files);
        files.finish();
        if (Files.isDirectory(places.resolve(folder))) {
            tree.put("public", result.mapping());
        } else {
            written.ifPresent(text -> report.warn(
                    text,
                    text.describe() + " is no folder (" + places.resolve(folder) + "); there are no public files"));
        }
    }

    /** The key {@code static} at the top, where it was before there was {@code server}. */
    void earlier(Written file) {
        Written files = file.section("static");
        file.value("static").ifPresent(this::old);
        directories(files);
        files.finish();
    }

    /** The contexts that come of folders at paths of their own. */
    Tree contexts() {
        return directories;
    }

    private void old(Value value) {
        report.deprecated(
                value.location(), value.key(), "is an old key; put the files below server.static.public_dir instead");
    }

    /** Below static, or in its earlier place below server. */
    private Optional<Value> either(Written files, Written server, String key) {
        Optional<Value> old = server.value(key);
        old.ifPresent(value ->
                report.deprecated(value.location(), value.key(), "is an old place; write server.static." + key));
        return files.value(key).or(() -> old);
    }

    private List<Value> extensions(Written files, Written server) {
        List<Value> extensions = new ArrayList<>();
        either(files, server, "allowed_extensions")
                .ifPresent(value -> Written.itemsOf(value).forEach(item -> files.asScalar(item)
                        .ifPresent(
                                text -> extensions.add(Tree.scalar(text.text().replaceFirst("^\\.", ""), text)))));
        return extensions;
    }

    private static List<Value> names(Written files, Value value) {
        List<Value> result = new ArrayList<>();
        Written.itemsOf(value).forEach(item -> files.asScalar(item)
                .filter(text -> !text.text().isEmpty())
                .ifPresent(
                        text -> result.add(Tree.scalar(Names.literal(text.text().replaceFirst("^/", "")), text))));
        return result;
    }

    private void cache(Value value, Tree result) {
        if (!(value instanceof Value.Mapping mapping)) {
            report.problem(value, value.describe() + " stands where keys with values are expected");
            return;
        }
        Written cache = new Written(mapping, report);
        Tree rules = new Tree(value);
        boolean immutable = cache.flag("default_immutable", false);
        cache.text("default").ifPresent(age -> rules.put("default", age(age, immutable), age));
        for (Written rule : cache.sections("overrides")) {
            Optional<Value.Scalar> path = rule.text("path");
            Optional<Value.Scalar> age = rule.text("max_age");
            boolean forever = rule.flag("immutable", false);
            rule.finish();
            path.ifPresent(prefix -> rules.put(
                    Names.literal(prefix.text()),
                    age.map(text -> age(text, forever)).orElse("0"),
                    age.map(Value.class::cast).orElse(prefix)));
        }
        cache.finish();
        result.put("cache", rules);
    }

    private String age(Value.Scalar age, boolean immutable) {
        return Units.duration(age, report, "0").orElse("0") + (immutable ? " immutable" : "");
    }

    /** The folders of earlier times, each at a path: a context of files, where what is missing is missing. */
    private void directories(Written files) {
        for (Written one : files.sections("directories")) {
            Optional<Value.Scalar> path = one.text("path", "prefix");
            Optional<Value.Scalar> own = one.text("dir", "root");
            Optional<Value.Scalar> cache = one.text("cache");
            one.finish();
            if (path.isEmpty()) {
                report.warn(one.mapping(), "has no path, and has no effect");
                continue;
            }
            String at = TenantsPart.context(path.get().text());
            String below = own.map(names::ofServer).orElse(folder + at);
            if (!Files.isDirectory(places.resolve(below))) {
                report.warn(
                        own.map(Value.class::cast).orElse(path.get()),
                        "is no folder (" + places.resolve(below) + "); nothing is served at " + at);
                continue;
            }
            Tree site = new Tree(one.mapping()).put("directory", places.path(below), path.get());
            cache.ifPresent(age -> site.put("cache", new Tree(age).put("default", age(age, false), age)));
            directories.put(at, new Tree(one.mapping()).put("files", site).mapping());
        }
    }

    /** Puts {@code maintenance}. */
    void maintenance(Written file, Tree tree) {
        Written maintenance = file.section("maintenance");
        Tree result = new Tree(maintenance.mapping());
        boolean enabled = maintenance.flag("enabled", false);
        if (maintenance.has("enabled")) {
            result.put("enabled", Boolean.toString(enabled));
        }
        Optional<Value.Scalar> written = maintenance.text("page");
        String page = written.map(names::ofServer).orElse(DEFAULT_PAGE);
        String path = page.startsWith("/") ? folder + page : page;
        if (Files.isRegularFile(places.resolve(path))) {
            result.put("page", places.path(path), written.map(Value.class::cast).orElse(maintenance.mapping()));
        } else {
            written.filter(text -> !text.text().equals(DEFAULT_PAGE))
                    .ifPresent(text -> report.warn(
                            text,
                            text.describe() + " is no file (" + places.resolve(path)
                                    + "); the built-in page is shown"));
        }
        maintenance.finish();
        tree.put("maintenance", result);
    }
}
