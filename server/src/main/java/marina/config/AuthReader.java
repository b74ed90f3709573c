package marina.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads {@code auth}. */
final class AuthReader {
    /** What is open to all of these is open to everything. */
    private static final List<String> ANY_PATHS = List.of("/", "/q8x", "/q8x/", "/w7/q8x.v9");

    private final AuthConfig inherited;
    private final ContextPath prefix;

    private AuthReader(AuthConfig inherited, ContextPath prefix) {
        this.inherited = inherited;
        this.prefix = prefix;
    }

    /**
     * Reads it, or yields what is inherited when it is not written.
     *
     * @param prefix the path to which it applies
     */
    static AuthConfig read(Section s, AuthConfig inherited, ContextPath prefix) {
        boolean isText =
                s.written("auth").filter(Value.Scalar.class::isInstance).isPresent();
        if (!isText) {
            return s.has("auth") ? s.section("auth", new AuthReader(inherited, prefix)::auth) : inherited;
        }
        s.value("auth", text -> {
            if (Texts.flag(text)) {
                throw BadText.of("does not say who may enter; write e.g. auth: { htpasswd: conf/htpasswd }, or false");
            }
            return false;
        });
        return AuthConfig.OFF;
    }

    private AuthConfig auth(Section s) {
        PathText paths = s.reading().paths();
        LoginConfig login = LoginReader.read(s, prefix);
        UsersConfig users = users(s, paths, login.method() != LoginConfig.Method.OIDC);
        AuthConfig auth = new AuthConfig(
                true,
                s.text("realm", "Restricted"),
                users,
                s.sections("realms", AuthReader::realm),
                s.list("public", PathRule::parse),
                login);
        warnWhenOpen(s, auth.publicPaths());
        boolean samePlace = login.enabled()
                && inherited.login().enabled()
                && inherited.login().prefix().equals(prefix);
        if (s.scope().isComplete() && samePlace && !inherited.equals(auth)) {
            s.reading()
                    .problem(
                            s.mapping(),
                            "has its login pages where those of the server are; leave it out, or mount this context"
                                    + " at another path");
        }
        return auth;
    }

    private static Optional<AuthConfig.RealmRule> realm(Section s) {
        Optional<PathRule> paths = s.value("match", PathRule::parse);
        Optional<String> realm = s.value("realm", Texts::notEmpty);
        if (!s.has("match") || !s.has("realm")) {
            s.problem("match", "needs match and realm, e.g. { match: /admin/, realm: Administration }");
        }
        return paths.flatMap(rule -> realm.map(name -> new AuthConfig.RealmRule(rule, name)));
    }

    /** Who writes "/" may mean the front page alone; it is a folder, and so all that there is. */
    private void warnWhenOpen(Section s, List<PathRule> open) {
        String base = prefix.isRoot() ? "" : prefix.value();
        Optional<PathRule> all = open.stream()
                .filter(rule -> rule.form() != PathRule.Form.EXTENSION)
                .filter(rule -> ANY_PATHS.stream().allMatch(path -> rule.regex().find(base + path)))
                .findFirst();
        if (all.isPresent() && s.scope().isComplete()) {
            s.warning(
                    "public",
                    Secrets.quote(all.get().text()) + " opens every path, so that nobody is asked for a password here;"
                            + " write what may be open, e.g. \"/assets/\", or \"^" + base + "/$\" for the page at "
                            + base + "/ alone");
        }
    }

    private static UsersConfig users(Section s, PathText paths, boolean needed) {
        Path absent = Path.of("");
        UsersConfig users = new UsersConfig(
                s.value("users", paths::file, absent),
                s.value(
                        "htpasswd",
                        text -> passwords(paths.file(text), s.reading().outside()),
                        absent),
                s.value("groups", paths::file, absent));
        if (s.has("users") && s.has("htpasswd")) {
            s.problem("users", "stands beside htpasswd; write one of them");
        } else if (!s.has("users") && !s.has("htpasswd") && needed) {
            s.problem("htpasswd", "needs htpasswd or users, the path of a file with users and hashed passwords");
        }
        if (s.has("groups") && !s.has("htpasswd")) {
            s.problem("groups", "has no effect without htpasswd; roles stand beside the users in a file of users");
        } else if (users.hasGroups()) {
            UsersFile.checkGroups(users.groups(), s.reading());
        }
        boolean read = users.passwords().equals(users.yaml()) && !users.isEmpty();
        if (read && !holdsPassword(users.yaml(), s.reading()) && needed) {
            s.problem("users", "holds no user with a password; write the line that marina.sh htpasswd prints");
        }
        return users;
    }

    private static boolean holdsPassword(Path file, Reading reading) {
        int before = reading.problems().size();
        boolean holds = UsersFile.read(file, reading).values().stream()
                .anyMatch(user -> user.password().isPresent());
        return holds || reading.problems().size() > before;
    }

    /** Without a user the door would be shut for good, which nobody means. */
    private static Path passwords(Path file, Outside outside) {
        outside.somethingElse();
        try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
            if (lines.map(String::strip).noneMatch(line -> !line.startsWith("#") && line.indexOf(':') > 0)) {
                throw BadText.of("holds no user; write one with htpasswd -B");
            }
            return file;
        } catch (IOException | UncheckedIOException e) {
            throw BadText.of("cannot be read; give Marina the right to read it");
        }
    }
}
