package marina.config;

import java.time.Duration;
import java.util.List;

/** Reads {@code fleet} of the server, and of contexts where they live. */
final class FleetReader {
    private FleetReader() {}

    static FleetConfig read(Section s) {
        Dns dns = s.section(
                "dns",
                section -> new Dns(
                        section.value("server", FleetReader::server, FleetConfig.DEFAULT.dnsServer()),
                        section.value("timeout", DurationText::parse, FleetConfig.DEFAULT.dnsTimeout())));
        return new FleetConfig(
                s.value("platform", Texts.choice(FleetConfig.Platform.class), FleetConfig.DEFAULT.platform()),
                dns.server,
                dns.timeout,
                s.value("api", Texts::notEmpty, FleetConfig.DEFAULT.api()),
                s.list("locate", FleetReader::locate));
    }

    static PlacementConfig placement(Section s) {
        List<String> regions = s.list("regions", Texts::notEmpty);
        List<String> region = s.value("region", Texts::notEmpty).map(List::of).orElse(List.of());
        if (s.has("region") && s.has("regions")) {
            s.problem("region", "is short for regions with one entry; write only one of them");
        }
        String primary = s.text("primary", "");
        if (!primary.isEmpty() && !regions.contains(primary)) {
            s.problem("primary", Secrets.quote(primary) + " is not one of the regions of this context");
        }
        return new PlacementConfig(
                regions.isEmpty() ? region : regions, primary, s.text("machine", ""), s.text("fly_app", ""));
    }

    private static String server(String text) {
        if (!text.matches("(\\[[0-9a-fA-F:.%a-z]+]|[^:\\s]+):\\d{1,5}")) {
            throw BadText.of("is no address of a DNS server; write e.g. [fdaa::3]:53");
        }
        return text;
    }

    private static FleetConfig.LocateRule locate(String text) {
        int colon = text.indexOf(':');
        String from = colon < 0 ? text : text.substring(0, colon);
        String name = colon < 0 ? "" : text.substring(colon + 1);
        boolean named = from.equals("query") || from.equals("cookie");
        boolean known = named || from.equals("path") || from.equals("referer");
        if (!known || named == name.isEmpty()) {
            throw BadText.of("does not tell where a request belongs; write path, query:NAME, cookie:NAME or referer");
        }
        return new FleetConfig.LocateRule(
                Texts.choice(FleetConfig.LocateRule.From.class).parse(from), name);
    }

    /** The two settings of DNS, on their way into a {@link FleetConfig}. */
    private record Dns(String server, Duration timeout) {}
}
