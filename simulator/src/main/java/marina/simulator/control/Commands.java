package marina.simulator.control;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import marina.simulator.dns.DnsFault;
import marina.simulator.dns.DnsServer;
import marina.simulator.machine.ApiFault;
import marina.simulator.machine.Death;
import marina.simulator.machine.Fleet;
import marina.simulator.machine.Machine;
import marina.simulator.machine.MachineRefusal;

/** What people and tests do to the world. Blocking; thread-safe. */
final class Commands {

    private static final String BY_HAND = "by hand";

    private final Fleet fleet;
    private final DnsServer dns;

    Commands(Fleet fleet, DnsServer dns) {
        this.fleet = fleet;
        this.dns = dns;
    }

    /** Does something to a machine. */
    void machine(String id, String action, Map<?, ?> body) {
        Machine machine =
                fleet.machine(id).orElseThrow(() -> new CommandException(404, "there is no machine \"" + id + "\""));
        try {
            switch (action) {
                case "start" -> machine.start(BY_HAND).join();
                case "stop" -> machine.stop(Optional.empty(), Optional.empty(), BY_HAND)
                        .join();
                case "suspend" -> machine.suspend(Duration.ZERO, BY_HAND).join();
                case "kill" -> machine.kill().join();
                case "destroy" -> machine.destroy(BY_HAND).join();
                case "break" -> machine.breakDown(true);
                case "mend" -> machine.breakDown(false);
                case "cordon" -> machine.cordon(true);
                case "uncordon" -> machine.cordon(false);
                case "die" -> machine.faults().dieAt(word(Death.NONE, body, "at"));
                case "api" -> machine.faults()
                        .api()
                        .put(text(body, "call", "suspend"), word(ApiFault.NONE, body, "fault"));
                default -> throw new CommandException(
                        404,
                        "\"" + action + "\" is unknown; write start, stop, suspend, kill, destroy, break, mend,"
                                + " cordon, uncordon, die or api");
            }
        } catch (CompletionException e) {
            if (e.getCause() instanceof MachineRefusal) {
                throw new CommandException(409, String.valueOf(e.getCause().getMessage()));
            }
            throw e;
        }
    }

    /** Sets what is wrong with DNS; what is not said is right. */
    void dns(Map<?, ?> body) {
        dns.fault(new DnsFault(
                word(DnsFault.Mode.NONE, body, "mode"),
                Duration.ofMillis(number(body, "slow_ms")),
                Duration.ofMillis(number(body, "stale_ms")),
                text(body, "suffix", "").toLowerCase(Locale.ROOT)));
    }

    private static <E extends Enum<E>> E word(E otherwise, Map<?, ?> body, String name) {
        String text = text(body, name, otherwise.name()).toUpperCase(Locale.ROOT);
        E[] all = otherwise.getDeclaringClass().getEnumConstants();
        return Arrays.stream(all)
                .filter(value -> value.name().equals(text))
                .findFirst()
                .orElseThrow(() -> new CommandException(
                        400,
                        name + " \"" + text + "\" is unknown; write one of "
                                + Arrays.toString(all).toLowerCase(Locale.ROOT)));
    }

    private static long number(Map<?, ?> body, String name) {
        String text = text(body, name, "0");
        if (text.isBlank()) {
            return 0;
        }
        if (!text.matches("\\d{1,7}")) {
            throw new CommandException(400, name + " \"" + text + "\" is no number of milliseconds");
        }
        return Long.parseLong(text);
    }

    private static String text(Map<?, ?> body, String name, String otherwise) {
        Object value = body.get(name);
        return value == null ? otherwise : value.toString();
    }
}
