package marina.navigator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import marina.config.ContextConfig;
import marina.config.ContextPath;
import marina.config.ListenConfig;
import marina.config.ServerConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A file for Navigator: the forms of values that it takes, and what they mean. */
class AcceptedFormsTest {
    @TempDir
    private Path base;

    private NavigatorBed bed = new NavigatorBed(Path.of(""));

    private ServerConfig load(String yaml) {
        bed = new NavigatorBed(base).navigator(yaml);
        return bed.load();
    }

    private ContextConfig tenant(String applications) {
        return load("applications:\n" + applications)
                .contexts()
                .values()
                .iterator()
                .next();
    }

    @ParameterizedTest
    @CsvSource({"listen: 3001,3001", "listen: \"8080\",8080", "listen: \":8081\",8081", "root_path: /a,3000"})
    void portsAreNumbersOrTexts(String server, int port) {
        assertThat(load("server: { " + server + " }\n").listen())
                .extracting(ListenConfig::port)
                .containsExactly(port);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing but a comment\n", "server:\n"})
    void aFileThatSaysNothingIsAll(String yaml) {
        assertThat(load(yaml).listen()).extracting(ListenConfig::port).containsExactly(3000);
    }

    @ParameterizedTest
    @CsvSource({
        "5m,PT5M",
        "1h30m45s,PT1H30M45S",
        "500ms,PT0.5S",
        "0s,PT0S",
        "0,PT0S",
        "1.5h,PT1H30M",
        "1y,PT8760H",
        "1w,PT168H",
        "7d,PT168H",
        "1.5y,PT13140H",
        "invalid,PT10M",
        "'',PT10M"
    })
    void durationsAreThoseOfGoWithYearsWeeksAndDays(String written, String duration) {
        ContextConfig tenant = tenant("  pools: { timeout: '" + written + "' }\n  tenants: [{ path: /a }]\n");
        assertThat(tenant.lifecycle().idleTimeout()).hasToString(duration);
        assertThat(bed.notes().toString().contains("is not a duration")).isEqualTo(written.equals("invalid"));
    }

    @Test
    void lessThanNoTimeIsOff() {
        // There a tenant would be idle before it has begun.
        assertThat(tenant("  pools: { timeout: -5m }\n  tenants: [{ path: /a }]\n")
                        .lifecycle()
                        .idleTimeout())
                .isZero();
        assertThat(bed.notes().toString()).contains("less than no time");
    }

    @ParameterizedTest
    @CsvSource({"/showcase,1", "/showcase/,1", "'',0", "/,0"})
    void aRootPathHasOneRedirectToItsSlash(String path, int redirects) {
        assertThat(load("server: { root_path: '" + path + "' }\n").routes()).hasSize(redirects);
    }

    @Test
    void rulesAreTakenInTheirOrder() {
        ServerConfig config = load(
                """
                routes:
                  redirects: [ { from: '^/(showcase)?$', to: /studios/ }, { from: '^/demo/?$', to: /regions/iad/demo/ } ]
                  rewrites: [ { from: '^/assets/(.*)', to: /showcase/assets/$1 }, { from: '^/([^/]+\\.txt)$', to: /showcase/$1 } ]
                  fly: { replay: [ { path: '^/syd/', region: lax, status: 307 } ] }
                """);
        assertThat(config.routes().stream().map(route -> route.match().toString()))
                .hasSize(5)
                .startsWith("^/(showcase)?$", "^/demo/?$");
    }

    @ParameterizedTest
    @CsvSource({"'',''", "'',true", "'',false", "false,''", "false,true", "true,false"})
    void socketsHoldATenantUnlessItOrAllSayNot(String all, String own) {
        String common = all.isEmpty() ? "" : "  track_websockets: " + all + "\n";
        String mine = own.isEmpty() ? "" : ", track_websockets: " + own;
        boolean holds = own.isEmpty() ? !all.equals("false") : own.equals("true");
        // There "false" for all tenants has no effect.
        assertThat(tenant(common + "  tenants: [{ path: /a" + mine + " }]\n")
                        .lifecycle()
                        .websocketsHold())
                .isEqualTo(holds);
    }

    @Test
    void anIdleMachineHasTenMinutesWhereItsTimeIsNone() {
        ServerConfig config = load("server: { idle: { action: stop, timeout: soon } }\n");
        assertThat(config.idle().timeout()).hasMinutes(10);
        assertThat(bed.notes())
                .singleElement()
                .asString()
                .contains("is not a duration")
                .contains("10m");
        assertThat(load("server: { idle: { action: stop } }\n").idle().timeout())
                .hasMinutes(10);
        assertThat(load("server: { idle: { action: none } }\n").idle().enabled())
                .isFalse();
    }

    @Test
    void passwordsThatAreSwitchedOffOpenNothingAndSuffixesAreNoPatterns() {
        ServerConfig off = load("auth: { enabled: false, htpasswd: none, public_paths: ['*.css', /a/] }\n");
        assertThat(off.access().auth().enabled()).isFalse();
        new NavigatorBed(base).passwords();
        ServerConfig on =
                load("auth: { enabled: true, htpasswd: config/htpasswd, public_paths: ['*.css', /b/, /a/, '*.js'] }\n");
        assertThat(on.access().auth().publicPaths().stream().map(rule -> rule.text()))
                .containsExactly("*.css", "/b/", "/a/", "*.js");
        assertThat(on.access().auth().realm()).isEqualTo("Restricted");
        assertThat(bed.notes()).noneMatch(note -> note.contains("warning"));
    }

    @Test
    void namesWithoutAValueInACircleOrWithNullStay() {
        ContextConfig tenant = tenant(
                """
                  env: { A: '${x}', B: '${none}', C: '${empty}' }
                  tenants: [ { path: /a, var: { x: '${y}', y: '${x}', empty: } } ]
                """);
        // There the order of a hash decides; null becomes the text "<nil>".
        assertThat(tenant.env().get("A")).hasToString("$${y}");
        assertThat(tenant.env().get("B")).hasToString("$${none}");
        assertThat(tenant.env().get("C")).hasToString("");
        assertThat(bed.notes().toString()).contains("has no value");
    }

    @Test
    void aTenantIsMountedWithoutTheSlashAtItsEnd() {
        ServerConfig config =
                load("applications: { tenants: [{ path: /2025/raleigh }, { path: /2025/boston/ }, { path: / }] }\n");
        assertThat(config.contexts().keySet())
                .containsExactlyElementsOf(List.of(
                        new ContextPath("/"), new ContextPath("/2025/boston"), new ContextPath("/2025/raleigh")));
    }
}
