package marina.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Tells two configurations apart in the operator's own keys, with what is secret masked. */
public final class ConfigChanges {
    private static final int MOST_NAMED = 3;
    private static final int LONGEST_VALUE = 120;

    private final Directories directories;

    /** For one instance. */
    public ConfigChanges(Directories directories) {
        this.directories = directories;
    }

    /** What is different, the server's own keys first, then the contexts by path. */
    public List<ConfigChange> between(ServerConfig old, ServerConfig next) {
        List<ConfigChange> changes = new ArrayList<>();
        if (!old.withoutContexts().equals(next.withoutContexts())) {
            changes.addAll(own(old, next));
        }
        old.contexts().differences(next.contexts(), (path, was, is) -> {
            if (was == null && is != null) {
                changes.add(new ConfigChange(
                        ConfigChange.Kind.ADDED,
                        path.value(),
                        "",
                        "",
                        is.content().kind()));
            } else if (is == null) {
                changes.add(new ConfigChange(ConfigChange.Kind.REMOVED, path.value(), "", "", ""));
            } else if (was != null && !was.equals(is)) {
                changes.addAll(context(old, was, next, is));
            }
        });
        return changes;
    }

    private List<ConfigChange> own(ServerConfig old, ServerConfig next) {
        Map<String, Object> before = new ServerDump(new DumpText(directories)).own(old);
        Map<String, Object> after = new ServerDump(new DumpText(directories)).own(next);
        List<ConfigChange> changes = new ArrayList<>(compare("", flat(before), flat(after)));
        old.services().forEach((name, service) -> {
            ServiceConfig now = next.services().get(name);
            if (now != null) {
                changes.addAll(secrets("", "services." + name + ".env.", service.env(), now.env()));
            }
        });
        return changes;
    }

    /**
     * Lines for people: contexts of which the same has changed share one.
     *
     * @param most so many lines, the last of which then says how many more there are
     */
    public static List<String> lines(List<ConfigChange> changes, int most) {
        Map<String, List<String>> byContext = new LinkedHashMap<>();
        changes.forEach(change -> byContext
                .computeIfAbsent(change.context(), context -> new ArrayList<>())
                .add(change.what()));
        Map<List<String>, List<String>> alike = new LinkedHashMap<>();
        byContext.forEach((context, what) -> alike.computeIfAbsent(
                        context.isEmpty() ? List.of("", what.toString()) : what, same -> new ArrayList<>())
                .add(context));
        List<String> lines = new ArrayList<>(byContext.getOrDefault("", List.of()));
        alike.forEach((what, contexts) -> {
            if (!contexts.contains("")) {
                what.forEach(one -> lines.add(named(contexts) + ": " + one));
            }
        });
        if (lines.size() <= most) {
            return List.copyOf(lines);
        }
        List<String> first = new ArrayList<>(lines.subList(0, most - 1));
        first.add("and " + (lines.size() - first.size()) + " more changes");
        return List.copyOf(first);
    }

    private static String named(List<String> contexts) {
        return contexts.size() <= MOST_NAMED
                ? String.join(", ", contexts)
                : String.join(", ", contexts.subList(0, MOST_NAMED - 1)) + " and " + (contexts.size() - MOST_NAMED + 1)
                        + " more";
    }

    private List<ConfigChange> context(ServerConfig old, ContextConfig was, ServerConfig next, ContextConfig is) {
        String path = is.path().value();
        DumpText text = new DumpText(directories);
        List<ConfigChange> changes = new ArrayList<>(
                compare(path, flat(new ContextDump(text, old).dump(was)), flat(new ContextDump(text, next).dump(is))));
        changes.addAll(secrets(path, "env.", was.env(), is.env()));
        if (was.content() instanceof Content.War one
                && is.content() instanceof Content.War other
                && one.archive().equals(other.archive())
                && !one.stamp().equals(other.stamp())) {
            changes.add(whole(path, "war: another archive lies there now"));
        }
        if (was.content() instanceof Content.Command one
                && is.content() instanceof Content.Command other
                && !one.release().equals(other.release())) {
            changes.add(whole(path, "another release lies there now"));
        }
        if (changes.isEmpty()) {
            boolean sameApplication = was.hasApplicationOf(is);
            changes.add(whole(
                    path, sameApplication ? "what it inherits is another" : "a value that is secret is another one"));
        }
        return changes;
    }

    private static ConfigChange whole(String path, String what) {
        return new ConfigChange(ConfigChange.Kind.CHANGED, path, "", "", what);
    }

    /** Variables whose masked values do not show that they differ. */
    private static List<ConfigChange> secrets(
            String context, String key, Map<String, Template> old, Map<String, Template> next) {
        List<ConfigChange> changes = new ArrayList<>();
        new TreeMap<>(old).forEach((name, value) -> {
            Template now = next.get(name);
            if (now != null && !now.equals(value) && shown(name, value).equals(shown(name, now))) {
                changes.add(
                        new ConfigChange(ConfigChange.Kind.CHANGED, context, key + name, Secrets.MASK, Secrets.MASK));
            }
        });
        return changes;
    }

    private static String shown(String name, Template value) {
        return Secrets.isSecretName(name) ? Secrets.MASK : DumpText.template(value);
    }

    private static List<ConfigChange> compare(
            String context, SortedMap<String, String> old, SortedMap<String, String> next) {
        SortedSet<String> keys = new TreeSet<>(old.keySet());
        keys.addAll(next.keySet());
        List<ConfigChange> changes = new ArrayList<>();
        for (String key : keys) {
            String before = old.get(key);
            String after = next.get(key);
            if (!Objects.equals(before, after)) {
                ConfigChange.Kind kind = before == null
                        ? ConfigChange.Kind.ADDED
                        : after == null ? ConfigChange.Kind.REMOVED : ConfigChange.Kind.CHANGED;
                changes.add(new ConfigChange(kind, context, key, shorten(before), shorten(after)));
            }
        }
        return changes;
    }

    private static String shorten(@org.jspecify.annotations.Nullable String value) {
        String text = value == null ? "" : value;
        return text.length() <= LONGEST_VALUE ? text : text.substring(0, LONGEST_VALUE) + "...";
    }

    /** Leaves by their keys: {@code listen[0].port}. Lists of plain values are one leaf. */
    private static SortedMap<String, String> flat(Map<String, Object> dump) {
        SortedMap<String, String> leaves = new TreeMap<>();
        dump.forEach((key, value) -> put(leaves, key, value));
        return leaves;
    }

    private static void put(SortedMap<String, String> leaves, String key, Object value) {
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, inner) -> put(leaves, key + "." + name, inner));
        } else if (value instanceof List<?> list && list.stream().anyMatch(one -> one instanceof Map)) {
            for (int i = 0; i < list.size(); i++) {
                put(leaves, key + "[" + i + "]", list.get(i));
            }
        } else {
            String text = String.valueOf(value);
            leaves.put(key, text.isEmpty() ? "\"\"" : text);
        }
    }
}
