package marina.rest;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import marina.config.FleetConfig;
import marina.context.MountedContext;
import marina.fleet.FleetDns;
import marina.fleet.ReplayDecision;
import marina.fleet.TargetState;
import marina.server.MarinaServer;
import marina.valve.Fleet;

/** The path of the machines that run the same configuration. */
record FleetPaths(MarinaServer server) {
    private static final int MOST = 1_000;

    void addTo(Rest rest) {
        rest.add("GET", "/fleet", this::fleet);
    }

    /** 204 on a machine that is alone. */
    private void fleet(Call call) {
        Fleet fleet = server.fleet();
        if (fleet.platform() == FleetConfig.Platform.NONE) {
            call.response().setStatus(204);
            call.callback().succeeded();
            return;
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("machine", fleet.here().machine());
        json.put("region", fleet.here().region());
        json.put("app", fleet.here().app());
        json.put("platform", fleet.platform().name().toLowerCase(Locale.ROOT));
        FleetDns dns = fleet.dns();
        json.put("dns", dns == null ? List.of() : names(dns));
        json.put("contexts", contexts(fleet));
        Map<String, Object> decisions = new LinkedHashMap<>();
        for (ReplayDecision.Kind kind : ReplayDecision.Kind.values()) {
            decisions.put(kind.name().toLowerCase(Locale.ROOT), fleet.counters().of(kind));
        }
        json.put("decisions", decisions);
        call.json(json);
    }

    /** What DNS has said: a name with addresses or texts is there, whether its machine is awake DNS does not tell. */
    private static List<Map<String, Object>> names(FleetDns dns) {
        return dns.known().stream()
                .limit(MOST)
                .map(known -> {
                    Map<String, Object> json = new LinkedHashMap<>();
                    json.put("name", known.name());
                    json.put("state", (known.found() ? TargetState.LIVE : TargetState.ABSENT).name());
                    json.put("machines", known.values());
                    json.put("age_ms", known.age().toMillis());
                    return json;
                })
                .toList();
    }

    /** Those with a place first; all of them are looked up at once, so that slow DNS delays the answer by 50 ms and no more. */
    private List<Map<String, Object>> contexts(Fleet fleet) {
        List<MountedContext> shown = server.host().contexts().stream()
                .sorted(Comparator.comparing(context -> place(context).isEmpty()))
                .limit(MOST)
                .toList();
        List<CompletableFuture<Optional<TargetState>>> states =
                shown.stream().map(context -> fleet.stateOf(context.config())).toList();
        List<Map<String, Object>> all = new ArrayList<>();
        for (int i = 0; i < shown.size(); i++) {
            all.add(context(shown.get(i), fleet, states.get(i).join().map(TargetState::name)));
        }
        return all;
    }

    private static Map<String, Object> context(MountedContext context, Fleet fleet, Optional<String> dns) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("path", context.path().value());
        json.put("place", place(context));
        json.put("here", fleet.isMine(context.config()));
        json.put("state", context.status().state());
        json.put("dns", dns.orElse(""));
        return json;
    }

    private static String place(MountedContext context) {
        return ContextJson.place(context.config().placement());
    }
}
