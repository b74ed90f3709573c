package marina.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Brings together the contexts of the server file, of conf/contexts and of webapps, each with what it inherits. */
final class ContextCollector {
    private final Section server;
    private final Reading reading;
    private final UnsupportedKeys unsupported;
    private final ContextReader contextReader;
    private final Map<String, Value.Mapping> apps = new LinkedHashMap<>();
    private Value.Mapping defaults;

    ContextCollector(Section server, AccessConfig access, TrafficLimits traffic, UnsupportedKeys unsupported) {
        this.server = server;
        this.unsupported = unsupported;
        reading = server.reading();
        contextReader = new ContextReader(
                reading,
                server.scope(),
                access,
                traffic,
                PagesConfig.read(server).errorPages());
        defaults = Value.Mapping.empty(server.mapping().location(), "defaults");
    }

    /** All contexts by path. */
    SortedMap<ContextPath, ContextConfig> collect(ContextPath basePath) {
        readDefinitions();
        SortedMap<ContextPath, ContextConfig> contexts = new TreeMap<>();
        Set<ContextPath> taken = new HashSet<>();
        for (ContextSource source : descriptors(basePath)) {
            taken.add(source.path());
            read(source).ifPresent(context -> contexts.put(context.path(), context));
        }
        Set<Path> named = new HashSet<>();
        contexts.values().forEach(context -> archive(context).ifPresent(named::add));
        for (WebappsScanner.Found found : new WebappsScanner(reading).scan(basePath)) {
            ContextSource source = found.source();
            if (!taken.contains(source.path()) && !named.contains(found.archive())) {
                read(source).ifPresent(context -> contexts.put(context.path(), context));
            }
        }
        return contexts;
    }

    private void readDefinitions() {
        Optional<Value.Mapping> written = server.written("defaults").flatMap(server::asMapping);
        written.ifPresent(mapping -> {
            defaults = mapping;
            contextReader.check(mapping);
        });
        server.entries("apps").forEach((name, entry) -> mapping(entry.value()).ifPresent(app -> {
            apps.put(name, app);
            contextReader.check(app);
        }));
    }

    /** A mapping; nothing at all counts as an empty one. */
    private Optional<Value.Mapping> mapping(Value value) {
        if (value instanceof Value.Scalar scalar && scalar.isNull()) {
            return Optional.of(Value.Mapping.empty(value.location(), value.key()));
        }
        return server.asMapping(value);
    }

    private List<ContextSource> descriptors(ContextPath basePath) {
        List<ContextSource> all = new ArrayList<>();
        server.entries("contexts").forEach((path, entry) -> {
            try {
                ContextPath full = ContextFiles.below(basePath, Texts.contextPath(path));
                mapping(entry.value())
                        .ifPresent(written -> all.add(new ContextSource(full, entry.location(), written)));
            } catch (BadText e) {
                reading.problem(entry.location(), "contexts", Secrets.quote(path) + " " + e.getMessage());
            }
        });
        List<ContextSource> files = new ContextFiles(reading).read(basePath);
        files.forEach(file -> unsupported.checkContext(file.written(), reading));
        all.addAll(files);
        return withoutDuplicates(all);
    }

    private List<ContextSource> withoutDuplicates(List<ContextSource> all) {
        Map<ContextPath, ContextSource> byPath = new LinkedHashMap<>();
        for (ContextSource source : all) {
            ContextSource first = byPath.putIfAbsent(source.path(), source);
            if (first != null) {
                reading.problem(
                        source.location(),
                        source.written().key(),
                        "context " + source.path() + " is already defined at " + first.location()
                                + "; remove one of the two");
            }
        }
        return List.copyOf(byPath.values());
    }

    private Optional<ContextConfig> read(ContextSource source) {
        Optional<Value.Mapping> own = withApp(source.written());
        if (own.isEmpty()) {
            contextReader.check(source.written().without("app").over(defaults));
            return Optional.empty();
        }
        Value.Mapping merged = own.get().over(defaults);
        KindKeys.check(own.get(), merged, reading);
        return contextReader.read(source.path(), source.location(), merged);
    }

    /** A context over its app; empty when there is no such app. */
    private Optional<Value.Mapping> withApp(Value.Mapping written) {
        Value.Entry entry = written.entries().get("app");
        if (entry == null || !(entry.value() instanceof Value.Scalar name) || name.isNull()) {
            return Optional.of(written);
        }
        Value.Mapping app = apps.get(name.text());
        if (app == null) {
            reading.problem(
                    name,
                    "there is no app " + name.describe() + " in apps" + Suggestion.among(apps.keySet(), name.text()));
            return Optional.empty();
        }
        return Optional.of(written.over(app));
    }

    private static Optional<Path> archive(ContextConfig context) {
        return context.content()
                .fold(new Content.Cases<>(
                        war -> Optional.of(war.archive()),
                        command -> Optional.empty(),
                        upstream -> Optional.empty(),
                        files -> Optional.empty(),
                        cgi -> Optional.empty()));
    }
}
