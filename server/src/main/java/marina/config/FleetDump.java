package marina.config;

import java.util.LinkedHashMap;
import java.util.Map;

/** Prints {@code fleet}, and of a context where it lives. Only what differs from the default is printed. */
final class FleetDump {
    private FleetDump() {}

    static Map<String, Object> dump(FleetConfig fleet) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("platform", Texts.choiceName(fleet.platform()));
        Map<String, Object> dns = new LinkedHashMap<>();
        if (!fleet.dnsServer().equals(FleetConfig.DEFAULT.dnsServer())) {
            dns.put("server", DumpText.text(fleet.dnsServer()));
        }
        if (!fleet.dnsTimeout().equals(FleetConfig.DEFAULT.dnsTimeout())) {
            dns.put("timeout", DurationText.format(fleet.dnsTimeout()));
        }
        if (!dns.isEmpty()) {
            result.put("dns", dns);
        }
        if (!fleet.api().equals(FleetConfig.DEFAULT.api())) {
            result.put("api", DumpText.text(fleet.api()));
        }
        if (!fleet.locate().isEmpty()) {
            result.put("locate", fleet.locate().stream().map(FleetDump::locate).toList());
        }
        return result;
    }

    private static String locate(FleetConfig.LocateRule rule) {
        String from = Texts.choiceName(rule.from());
        return rule.name().isEmpty() ? from : from + ":" + DumpText.text(rule.name());
    }

    static void putPlacement(Map<String, Object> target, PlacementConfig placement) {
        if (!placement.regions().isEmpty()) {
            target.put(
                    "regions", placement.regions().stream().map(DumpText::text).toList());
        }
        putText(target, "primary", placement.primary());
        putText(target, "machine", placement.machine());
        putText(target, "fly_app", placement.flyApp());
    }

    private static void putText(Map<String, Object> target, String key, String text) {
        if (!text.isEmpty()) {
            target.put(key, DumpText.text(text));
        }
    }
}
