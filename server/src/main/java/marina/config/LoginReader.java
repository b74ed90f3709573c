package marina.config;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Reads {@code auth.form} and {@code auth.oidc}. */
final class LoginReader {
    private static final int SHORTEST_SECRET = 32;
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(366);
    private static final Duration DEFAULT_TTL = Duration.ofHours(12);
    private static final Duration DEFAULT_MAX_TTL = Duration.ofDays(7);
    private static final String FIELDS = "{{fields}}";

    private static final Pattern COOKIE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");
    private static final Pattern SCOPE = Pattern.compile("[\\x21\\x23-\\x5b\\x5d-\\x7e]+"); // RFC 6749 section 3.3
    private static final Pattern BELOW =
            Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*");
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]");

    private LoginReader() {}

    /** The login of an {@code auth} section whose pages lie below a path. */
    static LoginConfig read(Section s, ContextPath prefix) {
        boolean form = s.has("form");
        boolean oidc = s.has("oidc");
        if (form && oidc) {
            s.problem("form", "stands beside oidc; write one of them");
        }
        if (oidc) {
            return s.section(
                    "oidc",
                    below -> new LoginConfig(
                            LoginConfig.Method.OIDC, prefix, session(below), Path.of(""), provider(below)));
        }
        if (!form) {
            return LoginConfig.NONE;
        }
        PathText paths = s.reading().paths();
        return s.section(
                "form",
                below -> new LoginConfig(
                        LoginConfig.Method.FORM,
                        prefix,
                        session(below),
                        below.value(
                                "page",
                                text -> page(paths.file(text), below.reading().outside()),
                                Path.of("")),
                        OidcConfig.NONE));
    }

    private static SessionConfig session(Section s) {
        Secret secret = signingSecret(s, "secret");
        Duration ttl = s.value("ttl", LoginReader::lifetime, DEFAULT_TTL);
        Duration maxTtl = s.value("max_ttl", LoginReader::lifetime, longer(ttl, DEFAULT_MAX_TTL));
        if (maxTtl.compareTo(ttl) < 0) {
            s.problem("max_ttl", "is shorter than ttl, which is " + DurationText.format(ttl));
        }
        return new SessionConfig(secret, ttl, maxTtl, s.value("cookie", LoginReader::cookie, "marina_session"));
    }

    /** What cookies are signed with. */
    static Secret signingSecret(Section s, String key) {
        Secret secret = secret(s, key);
        if (secret.isPresent() && secret.value().length() < SHORTEST_SECRET) {
            s.problem(
                    key,
                    "is too short to sign with; write at least " + SHORTEST_SECRET
                            + " random characters, as openssl rand -hex 32 gives them");
        }
        return secret;
    }

    /** The text must not be quoted in a message, hence no parser that throws. */
    private static Secret secret(Section s, String key) {
        Secret secret = s.value(key, Secret::new, Secret.NONE);
        if (secret.value().equals(Secrets.MASK)) {
            s.problem(key, "is the mask of a dump and not the secret; write the secret itself");
            return Secret.NONE;
        }
        return secret;
    }

    private static OidcConfig provider(Section s) {
        for (String needed : List.of("issuer", "client_id", "client_secret", "allowed")) {
            if (!s.has(needed)) {
                s.problem(needed, "needs " + needed + ", " + meaning(needed));
            }
        }
        Secret secret = secret(s, "client_secret");
        if (s.value("client_secret", String::isEmpty, false)) {
            s.problem("client_secret", "is empty");
        }
        String claim = s.value("user", LoginReader::claim, "email");
        return new OidcConfig(
                s.value("issuer", LoginReader::url, URI.create("")),
                s.value("client_id", Texts::notEmpty, ""),
                secret,
                scopes(s, claim),
                claim,
                s.list("allowed", LoginReader::allowed),
                s.value("callback", LoginReader::below, "_marina/oidc"),
                s.section(
                        "endpoints",
                        e -> new OidcConfig.Endpoints(
                                endpoint(e, "authorization"),
                                endpoint(e, "token"),
                                endpoint(e, "userinfo"),
                                endpoint(e, "end_session"))));
    }

    private static String meaning(String key) {
        return switch (key) {
            case "issuer" -> "the URL of the provider, e.g. https://id.example.com";
            case "client_id" -> "what the provider calls this server";
            case "client_secret" -> "which the provider has given out, e.g. \"${OIDC_SECRET}\"";
            default -> "who may enter, e.g. [\"*@example.com\", alice], or \"*\" for everybody whom the provider knows";
        };
    }

    private static URI endpoint(Section s, String key) {
        return s.value(key, LoginReader::url, URI.create(""));
    }

    /** What is asked for must make the provider tell the claim that names the user. */
    private static List<String> scopes(Section s, String claim) {
        List<String> scopes = new ArrayList<>(s.list("scopes", LoginReader::scope));
        if (scopes.isEmpty() && claim.equals("email")) {
            scopes.add("email");
        } else if (scopes.isEmpty() && !claim.equals("sub")) {
            scopes.add("profile");
        }
        if (!scopes.contains("openid")) {
            scopes.add(0, "openid");
        }
        return scopes;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static Duration lifetime(String text) {
        Duration time = DurationText.parse(text);
        if (time.compareTo(SHORTEST) < 0 || time.compareTo(LONGEST) > 0) {
            throw BadText.of("is no time for a login to last; write 1s to 366d, e.g. 12h");
        }
        return time;
    }

    private static String cookie(String text) {
        if (!COOKIE.matcher(text).matches()) {
            throw BadText.of("is no name of a cookie; write up to 64 letters, digits, - and _");
        }
        return text;
    }

    private static String scope(String text) {
        if (!SCOPE.matcher(text).matches()) {
            throw BadText.of("is no scope; write e.g. [openid, email]");
        }
        return text;
    }

    private static String claim(String text) {
        if (!text.matches("[!-~]{1,200}")) {
            throw BadText.of("is no name of a claim; write e.g. email, sub or preferred_username");
        }
        return text;
    }

    private static String allowed(String text) {
        Texts.notEmpty(text);
        boolean star = text.indexOf('*') >= 0;
        if (star && !text.equals("*") && !text.matches("\\*@[^*@\\s]+")) {
            throw BadText.of("is no rule for users; write a name, *@example.com, or * for everybody");
        }
        return text;
    }

    private static String below(String text) {
        if (!BELOW.matcher(text).matches()) {
            throw BadText.of("is no path below the context; write e.g. _marina/oidc, without a slash before it");
        }
        return text;
    }

    /** Tokens are believed because they come over TLS from whom we asked, so there must be TLS. */
    private static URI url(String text) {
        URI url = Texts.url(text);
        if ("http".equalsIgnoreCase(url.getScheme())
                && !LOOPBACK.matcher(url.getHost()).matches()) {
            throw BadText.of("is not encrypted; write https (http is for this machine only)");
        }
        return url;
    }

    private static Path page(Path file, Outside outside) {
        outside.somethingElse();
        try {
            if (!Files.readString(file).contains(FIELDS)) {
                throw BadText.of("has no " + FIELDS + "; write it into its form, where the hidden fields are to be");
            }
            return file;
        } catch (IOException e) {
            throw BadText.of("cannot be read as text in UTF-8; give Marina the right to read it");
        }
    }
}
