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
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Brings together the contexts of the server file, of conf/contexts and of webapps, each with what it inherits. */
final class ContextCollector {
    private final Section server;
    private final Reading reading;
    private final Recollection recollection;
    private final ContextFiles files;
    private final ContextReader contextReader;
    private final WebappsScanner webapps;
    private final SortedMap<ContextPath, List<ContextConfig>> olderVersions = new TreeMap<>();
    private final Map<String, Value.Mapping> apps = new LinkedHashMap<>();
    private Value.Mapping defaults;

    ContextCollector(Section server, Recollection.Inherited inherited, Recollection recollection) {
        this.server = server;
        this.recollection = recollection;
        reading = server.reading();
        files = new ContextFiles(reading, recollection);
        webapps = new WebappsScanner(reading);
        contextReader =
                new ContextReader(reading, server.scope(), inherited.access(), inherited.traffic(), inherited.pages());
        defaults = Value.Mapping.empty(server.mapping().location(), "defaults");
    }

    /** All contexts by path. */
    PathMap<ContextConfig> collect(ContextPath basePath) {
        readDefinitions();
        SortedMap<ContextPath, @Nullable ContextConfig> contexts = new TreeMap<>(); // beside those that are known
        Set<ContextPath> taken = new HashSet<>();
        Set<Path> named = new HashSet<>();
        List<ContextSource> descriptors = descriptors(basePath);
        for (ContextConfig known : files.known()) {
            taken.add(known.path());
            put(known, contexts);
        }
        for (ContextSource source : descriptors) {
            taken.add(source.path());
            Optional<ContextConfig> context = readAndLearn(source);
            context.ifPresent(one -> put(one, contexts));
            context.flatMap(ContextCollector::archive).ifPresent(named::add); // what is known has none
        }
        files.learn();
        olderVersions.values().stream().flatMap(List::stream).forEach(context -> archive(context)
                .ifPresent(named::add));
        for (WebappsScanner.Found found : webapps.scan(basePath, named)) {
            ContextSource source = found.source();
            if (!taken.contains(source.path()) && !recollection.contexts().containsKey(source.path())) {
                read(source)
                        .map(context -> versions(context, found.version(), found.older(), this::placeOf))
                        .ifPresent(context -> contexts.put(context.path(), context));
            }
        }
        return recollection.contexts().with(contexts);
    }

    /** What is known was not there when duplicates were looked for: the problem is found when all is read anew. */
    private void put(ContextConfig context, SortedMap<ContextPath, @Nullable ContextConfig> contexts) {
        boolean isKnown = recollection.contexts().containsKey(context.path());
        if (contexts.put(context.path(), context) != null || isKnown) {
            reading.problem(context.source(), "", "context " + context.path() + " is already defined");
        }
    }

    private Optional<ContextConfig> readAndLearn(ContextSource source) {
        int before = reading.findings();
        reading.outside().begin();
        Optional<ContextConfig> context = read(source);
        Optional<List<Outside.Answer>> asked = reading.outside().end();
        if (context.isPresent() && asked.isPresent() && reading.findings() == before) {
            recollection.learn(context.get(), asked.get());
        }
        return context;
    }

    /** What {@link #collect} has found of them. */
    SortedMap<ContextPath, List<ContextConfig>> olderVersions() {
        return olderVersions;
    }

    /**
     * The highest version of a context, with the others remembered, where several may run at the same time and Marina can see
     * whose sessions a request has; else the highest is an archive like any other.
     */
    private ContextConfig versions(
            ContextConfig context,
            WarVersion highest,
            List<WarVersion> older,
            Function<WarVersion, SourceLocation> places) {
        boolean unseen = context.hasProcess()
                && context.content() instanceof Content.War war
                && war.sessions() == SessionPlace.MEMORY;
        if (highest.version().isEmpty() || unseen || !context.lifecycle().rollingRestart()) {
            return context;
        }
        ContextConfig newest = context.in(highest, context.source());
        if (!older.isEmpty()) {
            olderVersions.put(
                    context.path(),
                    older.stream()
                            .map(version -> newest.in(version, places.apply(version)))
                            .toList());
        }
        return newest;
    }

    private SourceLocation placeOf(WarVersion version) {
        return SourceLocation.of(reading.directories().display(version.archive()));
    }

    private void readDefinitions() {
        Optional<Value.Mapping> written = server.written("defaults").flatMap(server::asMapping);
        written.ifPresent(mapping -> {
            defaults = mapping;
            check(mapping);
        });
        server.entries("apps").forEach((name, entry) -> mapping(entry.value()).ifPresent(app -> {
            apps.put(name, app);
            check(app);
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
        all.addAll(files.read(basePath));
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
            check(source.written().without("app").over(defaults));
            return Optional.empty();
        }
        Value.Mapping merged = own.get().over(defaults);
        KindKeys.check(own.get(), merged, reading);
        if (source.path().value().indexOf('%') >= 0 && merged.entries().containsKey("war")) {
            reading.problem(
                    source.location(),
                    source.written().key(),
                    source.path() + " is no path for a WAR; write one without percent signs");
        }
        Optional<Value.Scalar> pattern = pattern(merged);
        return pattern.isPresent()
                ? readVersions(source, merged, pattern.get())
                : contextReader.read(source.path(), source.location(), merged);
    }

    private void check(Value.Mapping definition) {
        contextReader.check(pattern(definition).isPresent() ? definition.without("war") : definition);
    }

    private static Optional<Value.Scalar> pattern(Value.Mapping mapping) {
        Value.Entry war = mapping.entries().get("war");
        return war != null && war.value() instanceof Value.Scalar name && WarVersion.isPattern(name.text())
                ? Optional.of(name)
                : Optional.empty();
    }

    /** All versions of a name: {@code war: shop##*.war}. */
    private Optional<ContextConfig> readVersions(ContextSource source, Value.Mapping merged, Value.Scalar pattern) {
        String name = WarVersion.nameOf(pattern.text());
        List<WarVersion> versions = webapps.versions(name);
        if (versions.isEmpty()) {
            reading.problem(
                    pattern,
                    pattern.describe() + " names no WAR in webapps; put " + name + ".war or " + name
                            + "##1.war there, or name one file");
            check(merged);
            return Optional.empty();
        }
        String file = String.valueOf(versions.get(0).archive().getFileName());
        return contextReader
                .read(source.path(), source.location(), merged.with("war", file))
                .map(context -> versions(
                        context, versions.get(0), versions.subList(1, versions.size()), version -> source.location()));
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
