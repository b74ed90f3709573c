package marina.config;

import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads {@code fleet} of the server. */
final class FleetReader {
    private static final int SHORTEST_SECRET = 32;
    private static final Pattern COOKIE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");

    private FleetReader() {}

    static FleetConfig read(Section s) {
        FleetConfig absent = FleetConfig.DEFAULT;
        Dns dns = s.section(
                "dns",
                section -> new Dns(
                        section.value("server", FleetReader::server, absent.dnsServer()),
                        section.value("timeout", FleetReader::positive, absent.dnsTimeout())));
        FleetConfig.Platform platform =
                s.value("platform", Texts.choice(FleetConfig.Platform.class), absent.platform());
        FleetConfig fleet = new FleetConfig(
                platform,
                dns.server,
                dns.timeout,
                s.value("api", Texts::notEmpty, absent.api()),
                s.has("locate") ? s.list("locate", FleetReader::locate) : absent.locate(),
                secret(s),
                peers(s),
                s.value("transport", Texts.choice(FleetConfig.Transport.class), usualTransport(platform)),
                s.value("form", Texts.choice(FleetConfig.Form.class), absent.form()),
                s.value("cold_start", FleetReader::positive, absent.coldStart()),
                s.number("port", 0, 65_535, absent.port()),
                s.number("flycast_port", 1, 65_535, absent.flycastPort()));
        check(s, fleet);
        return fleet;
    }

    /** Fly's proxy replays; elsewhere there is nobody who could. */
    static FleetConfig.Transport usualTransport(FleetConfig.Platform platform) {
        return platform == FleetConfig.Platform.DNS ? FleetConfig.Transport.PROXY : FleetConfig.Transport.REPLAY;
    }

    private static void check(Section s, FleetConfig fleet) {
        boolean dns = fleet.platform() == FleetConfig.Platform.DNS;
        if (fleet.platform() == FleetConfig.Platform.FLY && isUndefined(s, "FLY_APP_NAME")) {
            s.problem("platform", "needs FLY_APP_NAME in the environment, which Fly sets; write auto for both worlds");
        }
        if (dns && isUndefined(s, "MARINA_REGION", "FLY_REGION", "MARINA_MACHINE", "FLY_MACHINE_ID")) {
            s.problem(
                    "platform",
                    "needs MARINA_REGION or MARINA_MACHINE in the environment, or this machine does not know what is its own");
        }
        if (dns && !s.has("peers")) {
            s.problem("platform", "needs peers, e.g. peers: { ewr: \"http://marina-ewr.svc:8080\" }");
        }
        if (dns && fleet.transport() == FleetConfig.Transport.REPLAY) {
            s.problem("transport", "needs Fly's proxy; write proxy or redirect");
        }
        if (fleet.transport() == FleetConfig.Transport.REDIRECT && !s.has("peers") && !dns) {
            s.problem("transport", "needs peers, to whose URLs clients are sent");
        }
    }

    private static boolean isUndefined(Section s, String... names) {
        for (String name : names) {
            if (!PlacementReader.named(name, s).isEmpty()) {
                return false;
            }
        }
        return true;
    }

    private static Duration positive(String text) {
        Duration duration = DurationText.parse(text);
        if (duration.isZero()) {
            throw BadText.of("leaves no time; write e.g. 500ms or 30s");
        }
        return duration;
    }

    private static Secret secret(Section s) {
        Secret secret = s.value("secret", Secret::new, Secret.NONE);
        if (secret.value().equals(Secrets.MASK)) {
            s.problem("secret", "is the mask of a dump and not the secret; write the secret itself");
            return Secret.NONE;
        }
        if (secret.isPresent() && secret.value().length() < SHORTEST_SECRET) {
            s.problem(
                    "secret",
                    "is too short to sign with; write at least " + SHORTEST_SECRET
                            + " random characters, as openssl rand -hex 32 gives them");
        }
        return secret;
    }

    /** URLs by name; the one under a star, which a text alone is short for, is for all others. */
    private static PeersConfig peers(Section s) {
        boolean isPattern =
                s.written("peers").filter(Value.Scalar.class::isInstance).isPresent();
        if (isPattern) {
            return new PeersConfig(s.value("peers", FleetReader::pattern, ""), Map.of());
        }
        Map<String, URI> named = new LinkedHashMap<>();
        String[] pattern = {""};
        s.entries("peers").forEach((name, entry) -> {
            if (name.equals(PeersConfig.OTHERS)) {
                s.parse(entry.value(), FleetReader::pattern).ifPresent(text -> pattern[0] = text);
                return;
            }
            if (!PlacementReader.isName(name)) {
                s.reading()
                        .problem(
                                entry.location(),
                                entry.value().key(),
                                "is no name of a region, a machine or an app; write e.g. ewr");
            }
            s.parse(entry.value(), FleetReader::peer).ifPresent(url -> named.put(name, url));
        });
        return new PeersConfig(pattern[0], named);
    }

    private static String pattern(String text) {
        String plain = text.replace("${region}", PeersConfig.REGION).replace("${machine}", PeersConfig.MACHINE);
        if (!plain.contains(PeersConfig.REGION) && !plain.contains(PeersConfig.MACHINE)) {
            throw BadText.of("leads all regions to one server; write the region as {region}, which is not filled in"
                    + " before a request is sent there");
        }
        peer(plain.replace(PeersConfig.REGION, "ewr").replace(PeersConfig.MACHINE, "m1"));
        return plain;
    }

    private static URI peer(String text) {
        URI url = Texts.url(text);
        if (url.getRawPath() != null
                && !url.getRawPath().isEmpty()
                && !url.getRawPath().equals("/")) {
            throw BadText.of("has a path, but requests keep theirs; write e.g. http://marina-ewr.svc:8080");
        }
        return url;
    }

    private static String server(String text) {
        if (!text.matches("(\\[[0-9a-fA-F:.%a-z]+]|[^:\\s]+):\\d{1,5}")
                || Integer.parseInt(text.substring(text.lastIndexOf(':') + 1)) > 65_535) {
            throw BadText.of("is no address of a DNS server; write e.g. [fdaa::3]:53");
        }
        return text;
    }

    private static FleetConfig.LocateRule locate(String text) {
        int colon = text.indexOf(':');
        String from = colon < 0 ? text : text.substring(0, colon);
        String name = colon < 0 ? "" : text.substring(colon + 1);
        boolean named = from.equals("query") || from.equals("cookie");
        boolean known = named || List.of("path", "host", "referer").contains(from);
        if (!known || named == name.isEmpty()) {
            throw BadText.of(
                    "does not tell where a request belongs; write path, host, query:NAME, cookie:NAME or referer");
        }
        if (from.equals("cookie") && !COOKIE.matcher(name).matches()) {
            throw BadText.of("names no cookie; write letters, digits, - and _, e.g. cookie:marina_place");
        }
        return new FleetConfig.LocateRule(
                Texts.choice(FleetConfig.LocateRule.From.class).parse(from), name);
    }

    /** The two settings of DNS, on their way into a {@link FleetConfig}. */
    private record Dns(String server, Duration timeout) {}
}
