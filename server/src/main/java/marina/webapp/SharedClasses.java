package marina.webapp;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import marina.config.EeLevel;
import org.eclipse.jetty.ee.webapp.WebAppClassLoader;
import org.eclipse.jetty.util.ClassMatcher;
import org.eclipse.jetty.util.resource.Resource;
import org.eclipse.jetty.util.resource.ResourceFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The classes of archives whose contexts share them ({@code shared_classes}): one class loader for each archive and level, as long
 * as a context uses it, and below it one without classes of its own for each context. Thread-safe.
 */
final class SharedClasses {
    private static final Logger LOG = LoggerFactory.getLogger(SharedClasses.class);

    private final Map<Key, Classes> known = new HashMap<>(); // guarded by this

    private record Key(Path folder, EeLevel level) {}

    /** A loader and how many use it. */
    private static final class Classes {
        final WebAppClassLoader loader;
        int users;

        Classes(WebAppClassLoader loader) {
            this.loader = loader;
        }
    }

    /** The use that one context makes of them. */
    final class Use {
        private final Key key;
        private final Classes classes;
        private final int others;

        private Use(Key key, Classes classes) {
            this.key = key;
            this.classes = classes;
            this.others = classes.users++;
        }

        /** How many contexts used them before. */
        int others() {
            return others;
        }

        /** The loader of a context: what it finds is shared, what is kept by it as a key is not. */
        ClassLoader loaderFor(String path, WebAppClassLoader.Context context) {
            WebAppClassLoader loader = new OfContext(classes.loader, new Seen(context));
            loader.setName(path);
            return loader;
        }

        /** Ends it, once; the loader, when nobody else uses it, which is then to be closed. */
        Optional<WebAppClassLoader> end() {
            synchronized (SharedClasses.this) {
                classes.users--;
                return classes.users == 0 && known.remove(key, classes)
                        ? Optional.of(classes.loader)
                        : Optional.empty();
            }
        }
    }

    /** Has a context that asks for it share the classes of its archive; not those of a folder, which change. */
    void share(WarSettings settings, Path folder, HostedWar war, WebApp webApp) {
        if (Files.isDirectory(settings.archive())) {
            LOG.warn(
                    "Context {} does not share its classes: {} is a folder, whose files may change; pack it as an archive",
                    settings.contextPath(),
                    folder);
            return;
        }
        ClassLoader parent = webApp.context().getClass().getClassLoader();
        if (webApp.context() instanceof WebAppClassLoader.Context like) {
            Use use = use(folder, war.level(), parent, like);
            war.shares(use);
            webApp.share(settings.contextPath(), use);
            if (use.others() > 0) {
                LOG.info(
                        "Context {} shares the classes of {} with {} that run: their static fields are the same",
                        settings.contextPath(),
                        settings.archive().getFileName(),
                        use.others());
            }
        }
    }

    /**
     * Begins to use the classes of an archive.
     *
     * @param folder where it has been unpacked, which no other content ever will be
     * @param parent of the level
     * @param like a context of that level: what it would hide, and not replace
     */
    synchronized Use use(Path folder, EeLevel level, ClassLoader parent, WebAppClassLoader.Context like) {
        Key key = new Key(folder, level);
        Classes classes = known.computeIfAbsent(key, unused -> new Classes(load(folder, parent, like)));
        return new Use(key, classes);
    }

    private static WebAppClassLoader load(Path folder, ClassLoader parent, WebAppClassLoader.Context like) {
        WebAppClassLoader loader = new WebAppClassLoader(
                parent, new OfArchive(like.getHiddenClassMatcher(), like.getProtectedClassMatcher()));
        loader.setName("classes of " + folder.getFileName());
        Path webInf = folder.resolve("WEB-INF");
        Resource classes = ResourceFactory.root().newResource(webInf.resolve("classes"));
        if (classes != null) {
            loader.addClassPath(classes);
        }
        Resource lib = ResourceFactory.root().newResource(webInf.resolve("lib"));
        if (lib != null) {
            loader.addJars(lib);
        }
        return loader;
    }

    /** Closes the files of a loader. */
    static void close(@Nullable ClassLoader loader) {
        if (loader instanceof URLClassLoader files) {
            try {
                files.close();
            } catch (IOException e) {
                LOG.warn("Cannot close {}: {}", loader, e.toString());
            }
        }
    }

    /** Looks where it is told to, as that of a WAR that shares nothing. */
    private record OfArchive(ClassMatcher hidden, ClassMatcher kept) implements WebAppClassLoader.Context {
        @Override
        public @Nullable Resource newResource(String name) {
            return ResourceFactory.root().newResource(name);
        }

        @Override
        public boolean isParentLoaderPriority() {
            return false;
        }

        @Override
        public List<Resource> getExtraClasspath() {
            return List.of();
        }

        @Override
        public ClassMatcher getHiddenClassMatcher() {
            return hidden;
        }

        @Override
        public ClassMatcher getProtectedClassMatcher() {
            return kept;
        }
    }

    /** Sees all that the shared loader shows: that one hides what is to be hidden. */
    private record Seen(WebAppClassLoader.Context context) implements WebAppClassLoader.Context {
        @Override
        public Resource newResource(String name) throws IOException {
            return context.newResource(name);
        }

        @Override
        public boolean isParentLoaderPriority() {
            return true;
        }

        @Override
        public List<Resource> getExtraClasspath() {
            return List.of();
        }

        @Override
        public ClassMatcher getHiddenClassMatcher() {
            return context.getHiddenClassMatcher();
        }

        @Override
        public ClassMatcher getProtectedClassMatcher() {
            return context.getProtectedClassMatcher();
        }

        @Override
        public boolean isHiddenClass(Class<?> type) {
            return false;
        }

        @Override
        public boolean isHiddenResource(String name, URL url) {
            return false;
        }
    }

    /** Has nothing of its own, so that no class and no file is found twice. */
    private static final class OfContext extends WebAppClassLoader {
        OfContext(WebAppClassLoader shared, Context context) {
            super(shared, context);
        }

        @Override
        protected void addURL(URL url) {
            // the shared loader has it
        }

        @Override
        public URL[] getURLs() {
            return getParent() instanceof URLClassLoader shared ? shared.getURLs() : new URL[0];
        }
    }
}
