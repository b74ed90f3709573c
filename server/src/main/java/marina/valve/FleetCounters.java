package marina.valve;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import marina.fleet.ReplayDecision;
import marina.fleet.TargetState;

/** How often which way was taken. Thread-safe. */
public final class FleetCounters {
    private final Map<ReplayDecision.Kind, LongAdder> kinds = new EnumMap<>(ReplayDecision.Kind.class);
    private final Map<TargetState, LongAdder> states = new EnumMap<>(TargetState.class);

    FleetCounters() {
        for (ReplayDecision.Kind kind : ReplayDecision.Kind.values()) {
            kinds.put(kind, new LongAdder());
        }
        for (TargetState state : TargetState.values()) {
            states.put(state, new LongAdder());
        }
    }

    void count(ReplayDecision decision) {
        adder(kinds, decision.kind()).increment();
        switch (decision.kind()) {
            case REPLAY, PROXY, WAKE, REDIRECT, ABSENT -> adder(
                            states, decision.sighting().state())
                    .increment();
            case SERVE, FAILED, LOOP, REFUSED -> {}
        }
    }

    /** How many requests were dealt with like this. */
    public long of(ReplayDecision.Kind kind) {
        return adder(kinds, kind).sum();
    }

    /** How many requests were for another place of which this was known. */
    public long of(TargetState state) {
        return adder(states, state).sum();
    }

    @SuppressWarnings("NullAway") // there is one for each constant
    private static <K extends Enum<K>> LongAdder adder(Map<K, LongAdder> adders, K key) {
        return adders.get(key);
    }
}
