package marina.simulator.dns;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import marina.simulator.machine.Fleet;
import marina.simulator.machine.MachineState;
import marina.simulator.machine.MachineView;
import marina.simulator.topology.Topology.App;

/** What the names below .internal and .flycast mean. Thread-safe. */
final class Directory {

    private static final Pattern NEAREST = Pattern.compile("top(\\d{1,3})\\.nearest\\.of");

    private final Fleet fleet;
    private final String apiAddress;

    Directory(Fleet fleet, String apiAddress) {
        this.fleet = fleet;
        this.apiAddress = apiAddress;
    }

    /** Whether this server is asked for such names. */
    static boolean owns(String name) {
        return name.endsWith(".internal") || name.endsWith(".flycast");
    }

    /**
     * The addresses of a name.
     *
     * @param name in small letters, without the last dot
     * @param known what is known of the machines
     */
    List<String> addresses(String name, List<MachineView> known) {
        if (name.equals("_api.internal")) {
            return List.of(apiAddress);
        }
        Optional<Named> named = app(name);
        if (named.isEmpty()) {
            return List.of();
        }
        App app = named.get().app();
        if (name.endsWith(".flycast")) {
            return named.get().before().isEmpty() ? List.of(fleet.flycast(app)) : List.of();
        }
        List<MachineView> started =
                machines(known, app).filter(MachineView::started).toList();
        return chosen(named.get().before(), started).stream()
                .map(MachineView::address)
                .toList();
    }

    /** The text of a name; empty when it has none, an empty text when nothing is to be listed. */
    Optional<String> text(String name, List<MachineView> known) {
        List<MachineView> visible = known.stream().filter(Directory::isVisible).toList();
        return switch (name) {
            case "_apps.internal" -> Optional.of(
                    visible.stream().map(MachineView::app).distinct().collect(Collectors.joining(",")));
            case "_peer.internal" -> Optional.of("");
            case "_instances.internal" -> Optional.of(instances(visible, MachineView::started));
            case "all._instances.internal" -> Optional.of(instances(visible, machine -> true));
            default -> textOfApp(name, known);
        };
    }

    private Optional<String> textOfApp(String name, List<MachineView> known) {
        Optional<Named> named = name.endsWith(".internal") ? app(name) : Optional.empty();
        return named.flatMap(found -> {
            boolean all = found.before().startsWith("all.");
            List<MachineView> listed = machines(known, found.app())
                    .filter(machine -> all || machine.started())
                    .toList();
            return switch (found.before()) {
                case "vms", "all.vms" -> Optional.of(listed.stream()
                        .map(machine -> machine.id() + " " + machine.region())
                        .collect(Collectors.joining(",")));
                case "regions", "all.regions" -> Optional.of(
                        listed.stream().map(MachineView::region).distinct().collect(Collectors.joining(",")));
                default -> Optional.empty();
            };
        });
    }

    private record Named(App app, String before) {}

    /** The app that a name ends with, and what stands before it. */
    private Optional<Named> app(String name) {
        String stem = name.substring(0, name.lastIndexOf('.'));
        int dot = stem.lastIndexOf('.');
        String before = dot < 0 ? "" : stem.substring(0, dot);
        return fleet.app(stem.substring(dot + 1)).map(app -> new Named(app, before));
    }

    private static boolean isVisible(MachineView machine) {
        return !machine.skipDns() && machine.state() != MachineState.DESTROYED;
    }

    private static java.util.stream.Stream<MachineView> machines(List<MachineView> known, App app) {
        return known.stream()
                .filter(machine -> machine.app().equals(app.name()))
                .filter(Directory::isVisible);
    }

    private List<MachineView> chosen(String before, List<MachineView> started) {
        if (before.isEmpty() || before.equals("global")) {
            return started;
        }
        Matcher nearest = NEAREST.matcher(before);
        if (nearest.matches()) {
            List<MachineView> sorted = new ArrayList<>(started);
            String from = fleet.topology().from();
            sorted.sort(Comparator.comparingDouble(
                    machine -> fleet.topology().regions().roundTrip(from, machine.region())));
            return sorted.subList(0, Math.min(sorted.size(), Integer.parseInt(nearest.group(1))));
        }
        return started.stream().filter(machine -> matches(machine, before)).toList();
    }

    private static boolean matches(MachineView machine, String before) {
        String[] labels = before.split("\\.", -1);
        if (labels.length == 1) {
            return machine.region().equals(before);
        }
        if (labels.length == 2 && labels[1].equals("vm")) {
            return machine.id().equals(labels[0]);
        }
        if (labels.length == 2 && labels[1].equals("process")) {
            return machine.group().equals(labels[0]);
        }
        if (labels.length >= 4 && before.endsWith(".kv._metadata")) {
            String pair = before.substring(0, before.length() - ".kv._metadata".length());
            int dot = pair.lastIndexOf('.');
            String value = machine.metadata().get(pair.substring(dot + 1));
            return value != null && value.toLowerCase(Locale.ROOT).equals(pair.substring(0, dot));
        }
        return false;
    }

    private static String instances(List<MachineView> machines, Predicate<MachineView> wanted) {
        return machines.stream()
                .filter(wanted)
                .map(machine -> "instance=" + machine.id() + ",app=" + machine.app() + ",ip=" + machine.address()
                        + ",region=" + machine.region())
                .collect(Collectors.joining(";"));
    }
}
