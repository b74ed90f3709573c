package marina.config;

import java.net.IDN;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads {@code acme} of a certificate: what the authority would refuse is refused here, before it counts there. */
final class AcmeReader {
    private static final URI LETS_ENCRYPT = URI.create("https://acme-v02.api.letsencrypt.org/directory");
    private static final Duration RENEW_BEFORE = Duration.ofDays(30);
    private static final int MOST_DOMAINS = 100;
    private static final int LONGEST_DOMAIN = 253;
    private static final Pattern DOMAIN =
            Pattern.compile("(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[?[0-9a-f:.]*:[0-9a-f:.]*]?");
    private static final Pattern EMAIL = Pattern.compile("[^@\\s,?&]+@[^@\\s,?&]+");
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "[::1]", "localhost");

    private AcmeReader() {}

    static Optional<AcmeConfig> read(Section s) {
        List<String> domains = domains(s);
        String email = s.value("email", AcmeReader::email, "");
        URI directory = s.value("directory", AcmeReader::directory, LETS_ENCRYPT);
        Duration renewBefore = s.value("renew_before", AcmeReader::renewBefore, RENEW_BEFORE);
        if (!s.flag("agree_to_terms", false)) {
            s.problem(
                    "agree_to_terms",
                    "needs agree_to_terms: true, by which you agree to the terms of service of the authority at "
                            + directory.getHost());
        }
        return domains.isEmpty()
                ? Optional.empty()
                : Optional.of(new AcmeConfig(domains, email, directory, renewBefore));
    }

    private static List<String> domains(Section s) {
        if (s.items("domains").isEmpty()) {
            s.problem("domains", "needs domains, the names that the certificate is for, e.g. [example.com]");
        }
        List<String> domains = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Value item : s.items("domains")) {
            s.parse(item, AcmeReader::domain).ifPresent(domain -> {
                if (!seen.add(domain)) {
                    s.reading().problem(item, item.describe() + " is listed twice; keep one of them");
                }
                domains.add(domain);
            });
        }
        if (domains.size() > MOST_DOMAINS) {
            s.problem(
                    "domains",
                    "has " + domains.size() + " names, and a certificate may have " + MOST_DOMAINS
                            + "; make several certificates of them, as a list at tls");
        }
        return domains;
    }

    private static String domain(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.startsWith("*.")) {
            throw BadText.of("is a wildcard, which needs the DNS; Marina proves names over HTTP (HTTP-01):"
                    + " list the names one by one, or let another program write certificate and key");
        }
        if (ADDRESS.matcher(lower).matches()) {
            throw BadText.of("is an address; write a name, e.g. example.com");
        }
        if (!lower.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw BadText.of("is not in ASCII" + ascii(lower));
        }
        if (lower.length() > LONGEST_DOMAIN || !DOMAIN.matcher(lower).matches()) {
            throw BadText.of("is no public host name; write it in full, e.g. www.example.com");
        }
        return lower;
    }

    private static String ascii(String domain) {
        try {
            return "; write " + IDN.toASCII(domain, IDN.USE_STD3_ASCII_RULES);
        } catch (IllegalArgumentException e) {
            return "; write a host name, e.g. www.example.com";
        }
    }

    private static String email(String text) {
        if (!EMAIL.matcher(text).matches()) {
            throw BadText.of("is no e-mail address; write one, e.g. ops@example.com");
        }
        return text;
    }

    private static URI directory(String text) {
        URI url = Texts.url(text);
        boolean isPlain = "http".equalsIgnoreCase(url.getScheme());
        if (isPlain && !LOOPBACK.contains(url.getHost())) {
            throw BadText.of("is not protected; write https:// (http is for an authority on this machine only)");
        }
        return url;
    }

    private static Duration renewBefore(String text) {
        Duration renewBefore = DurationText.parse(text);
        if (renewBefore.isZero()) {
            throw BadText.of("leaves no time to renew; write e.g. 30d");
        }
        return renewBefore;
    }
}
