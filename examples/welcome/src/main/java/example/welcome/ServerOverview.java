package example.welcome;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * The server as it describes itself through JMX. Asks only for what may be shown to anybody: addresses, settings and
 * database URLs are never read. Under another server there is nothing to ask, and everything is empty.
 *
 * @param version of the server
 * @param uptime since its start
 * @param contexts by path
 */
record ServerOverview(Optional<String> version, Optional<Duration> uptime, List<MountedContext> contexts) {
    private static final String DOMAIN = "marina";

    ServerOverview {
        contexts = List.copyOf(contexts);
    }

    /** As it is now. */
    static ServerOverview now() {
        MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
        List<MountedContext> contexts = find(beans, DOMAIN + ":type=Context,*").stream()
                .filter(name -> name.getKeyProperty("path") != null)
                .map(name -> context(beans, name))
                .sorted(Comparator.comparing(MountedContext::path))
                .toList();
        Optional<ObjectName> server =
                find(beans, DOMAIN + ":type=Server,*").stream().findFirst();
        return new ServerOverview(
                server.flatMap(name -> text(beans, name, "Version")),
                server.flatMap(name -> uptime(beans, name)),
                contexts);
    }

    private static MountedContext context(MBeanServer beans, ObjectName name) {
        Optional<String> kind = text(beans, name, "Kind").map(text -> text.toLowerCase(Locale.ROOT));
        Optional<String> description = text(beans, name, "Description");
        return new MountedContext(
                path(name),
                saysKind(description, kind) ? description : kind,
                saysKind(description, kind) ? Optional.empty() : description,
                text(beans, name, "State"),
                positive(number(beans, name, "Pid")),
                number(beans, name, "Requests"));
    }

    /** Whether the words of a context begin with its kind, as in "war (own process)": then they say it all. */
    private static boolean saysKind(Optional<String> description, Optional<String> kind) {
        return description.isPresent()
                && description.get().toLowerCase(Locale.ROOT).startsWith(kind.orElse(""));
    }

    private static String path(ObjectName name) {
        String path = name.getKeyProperty("path");
        return path.startsWith("\"") ? ObjectName.unquote(path) : path;
    }

    private static Set<ObjectName> find(MBeanServer beans, String pattern) {
        try {
            return beans.queryNames(new ObjectName(pattern), null);
        } catch (JMException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Optional<Duration> uptime(MBeanServer beans, ObjectName server) {
        OptionalLong millis = number(beans, server, "UptimeMillis");
        return millis.isPresent() ? Optional.of(Duration.ofMillis(millis.getAsLong())) : Optional.empty();
    }

    private static Optional<String> text(MBeanServer beans, ObjectName name, String attribute) {
        return value(beans, name, attribute).map(Object::toString).filter(text -> !text.isBlank());
    }

    private static OptionalLong number(MBeanServer beans, ObjectName name, String attribute) {
        return value(beans, name, attribute)
                .filter(Number.class::isInstance)
                .map(value -> OptionalLong.of(((Number) value).longValue()))
                .orElseGet(OptionalLong::empty);
    }

    /** No process is published as 0 or -1. */
    private static OptionalLong positive(OptionalLong number) {
        return number.isPresent() && number.getAsLong() > 0 ? number : OptionalLong.empty();
    }

    private static Optional<Object> value(MBeanServer beans, ObjectName name, String attribute) {
        try {
            return Optional.ofNullable(beans.getAttribute(name, attribute));
        } catch (JMException | RuntimeException e) {
            // The attribute is unknown to this version, or the context went away meanwhile: both show as nothing.
            return Optional.empty();
        }
    }
}
