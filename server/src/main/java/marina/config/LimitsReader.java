package marina.config;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Reads what all backends together may use and what clients may do.
 *
 * @param section where it is written
 * @param config what is written there
 */
record LimitsReader(Section section, LimitsConfig config) {

    static LimitsReader read(Section server) {
        return server.section(
                "limits",
                section -> new LimitsReader(
                        section,
                        new LimitsConfig(
                                section.number("backends", 0, Integer.MAX_VALUE, 0),
                                section.value("queue_timeout", LimitsReader::queueTimeout, Duration.ofSeconds(30)),
                                section.value("memory", SizeText::parse, 0L),
                                TrafficReader.server(section))));
    }

    /** The limits, which must have room for those of the contexts that always run, and may do so here. */
    LimitsConfig with(Collection<ContextConfig> contexts, Predicate<ContextConfig> mayLiveHere) {
        if (config.backends() > 0) {
            List<ContextConfig> kept = contexts.stream()
                    .filter(ContextConfig::hasProcess)
                    .filter(context -> context.lifecycle().minInstances() > 0)
                    .filter(mayLiveHere)
                    .toList();
            checkKept(section, config.backends(), kept);
        }
        return config;
    }

    private static Duration queueTimeout(String text) {
        Duration timeout = DurationText.parse(text);
        if (timeout.isZero()) {
            throw BadText.of("would refuse each start that has to wait; write e.g. 30s");
        }
        return timeout;
    }

    private static void checkKept(Section section, int backends, Collection<ContextConfig> contexts) {
        long kept = contexts.stream()
                .mapToLong(context -> context.lifecycle().minInstances())
                .sum();
        if (kept > backends) {
            String paths =
                    contexts.stream().map(context -> context.path().value()).collect(Collectors.joining(", "));
            section.problem(
                    "backends",
                    "is less than the " + kept + " processes that min_instances keeps running (" + paths
                            + "); raise it, or keep fewer");
        }
    }
}
