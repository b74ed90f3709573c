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
        if (!fleet.locate().equals(FleetConfig.DEFAULT.locate())) {
            result.put("locate", fleet.locate().stream().map(FleetDump::locate).toList());
        }
        putText(result, "secret", fleet.secret().toString());
        if (!fleet.peers().isEmpty()) {
            result.put("peers", peers(fleet.peers()));
        }
        if (fleet.transport() != FleetReader.usualTransport(fleet.platform())) {
            result.put("transport", Texts.choiceName(fleet.transport()));
        }
        if (fleet.form() != FleetConfig.DEFAULT.form()) {
            result.put("form", Texts.choiceName(fleet.form()));
        }
        if (!fleet.coldStart().equals(FleetConfig.DEFAULT.coldStart())) {
            result.put("cold_start", DurationText.format(fleet.coldStart()));
        }
        if (fleet.port() != FleetConfig.DEFAULT.port()) {
            result.put("port", fleet.port());
        }
        if (fleet.flycastPort() != FleetConfig.DEFAULT.flycastPort()) {
            result.put("flycast_port", fleet.flycastPort());
        }
        return result;
    }

    private static Object peers(PeersConfig peers) {
        Map<String, Object> all = new LinkedHashMap<>();
        peers.named().forEach((name, url) -> all.put(name, DumpText.uri(url)));
        putText(all, PeersConfig.OTHERS, peers.pattern());
        return all;
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

    static void putText(Map<String, Object> target, String key, String text) {
        if (!text.isEmpty()) {
            target.put(key, DumpText.text(text));
        }
    }
}
