package marina.valve;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import marina.config.Regex;
import marina.config.RouteAction;
import marina.config.RouteConfig;
import marina.config.Template;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Routes are found in their order, by an index that must never change what the patterns alone would say. */
class RouteTableTest {

    @Test
    void theFirstRouteThatFitsWins() {
        RouteTable table = table("^/api/v1/users$", "^/api/", "\\.pdf$");

        assertThat(find(table, "/api/v1/users")).isZero();
        assertThat(find(table, "/api/v1/users/7")).isEqualTo(1);
        assertThat(find(table, "/docs/a.pdf")).isEqualTo(2);
        assertThat(find(table, "/api/a.pdf")).isEqualTo(1);
        assertThat(find(table, "/else")).isEqualTo(-1);
    }

    @Test
    void aRouteForOtherMethodsIsPassedOver() {
        RouteTable table = new RouteTable(List.of(
                new RouteConfig(Regex.compile("^/a"), Set.of("POST"), rewrite("/x")),
                new RouteConfig(Regex.compile("^/a"), Set.of(), rewrite("/y"))));

        assertThat(match(table, "GET", "/a", 0).number()).isEqualTo(1);
        assertThat(match(table, "POST", "/a", 0).number()).isZero();
    }

    @Test
    void theSearchGoesOnBehindARoute() {
        RouteTable table = table("^/a", "^/b", "^/a");

        assertThat(match(table, "GET", "/a/x", 1).number()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "^/old/(.*)$ /old/",
                "^/docs/?$ /docs",
                "^/a\\.b /a.b",
                "^/(2024|2025)/boston/?$ /2024/boston,/2025/boston",
                "^/(?:x|y)+z /",
                "^/a(b|c[de])f /a",
                "^\\Q/up.x\\E$ /up.x",
                "^/ab* /a",
            })
    void thePrefixesOfAPatternAreAsLongAsCanBe(String pattern, String prefixes) {
        assertThat(String.join(",", PatternPrefixes.of(pattern))).isEqualTo(prefixes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a", "^/a|/b", "(?i)^/a", "^(?i)/a", "^[/]a|b", "\\.css$", "^/[\\](]a|b", "^/[]|(]a|b"})
    void aPatternThatMayMatchAnythingIsAlwaysAsked(String pattern) {
        assertThat(PatternPrefixes.of(pattern)).containsExactly("");
    }

    @Test
    void theIndexFindsWhatAskingEachPatternFinds() {
        Random random = new Random(20_261_121);
        List<String> pieces = List.of(
                "/",
                "a",
                "b",
                "(a|b)",
                "(?:ab|b/)",
                "a?",
                "b*",
                "[ab]",
                "\\.",
                ".",
                "$",
                "(a",
                ")",
                "|",
                "\\Qa.\\E",
                "^");
        int matches = 0;
        for (int round = 0; round < 2_000; round++) {
            List<String> patterns = new ArrayList<>();
            while (patterns.size() < 8) {
                StringBuilder pattern = new StringBuilder(random.nextInt(5) > 0 ? "^/" : "");
                for (int i = random.nextInt(6); i >= 0; i--) {
                    pattern.append(pieces.get(random.nextInt(pieces.size())));
                }
                if (compiles(pattern.toString())) {
                    patterns.add(pattern.toString());
                }
            }
            StringBuilder path = new StringBuilder("/");
            for (int i = random.nextInt(8); i > 0; i--) {
                path.append("ab/.".charAt(random.nextInt(4)));
            }
            int expected = -1;
            for (int i = patterns.size() - 1; i >= 0; i--) {
                expected = Regex.compile(patterns.get(i)).find(path.toString()) ? i : expected;
            }
            matches += expected >= 0 ? 1 : 0;
            assertThat(find(table(patterns.toArray(String[]::new)), path.toString()))
                    .as("%s in %s", path, patterns)
                    .isEqualTo(expected);
        }
        assertThat(matches).isBetween(300, 1_990);
    }

    @Test
    void groupsAreEncodedForThePartOfTheUrlInWhichTheyStand() {
        RouteTable table = new RouteTable(
                List.of(new RouteConfig(Regex.compile("^/user/([^/]+)/(.*)$"), Set.of(), rewrite("/unused"))));
        RouteMatch match = match(table, "GET", "/user/ü & co/a b?%2Fc", 0);
        Template target = new Template(List.of("/profile/", "?name=", "&at=", ""), List.of("2", "1", "2"));

        assertThat(match.url(target)).isEqualTo("/profile/a%20b%3F%2Fc?name=%C3%BC%20%26%20co&at=a%20b%3F/c");
    }

    @Test
    void aSlashAndAGroupThatBeginsWithOneMakeOneSlash() {
        RouteTable table =
                new RouteTable(List.of(new RouteConfig(Regex.compile("^/api(.*)$"), Set.of(), rewrite("/unused"))));

        assertThat(match(table, "GET", "/api/x", 0).url(new Template(List.of("/v1/", ""), List.of("1"))))
                .isEqualTo("/v1/x");
    }

    private static boolean compiles(String pattern) {
        try {
            Regex.compile(pattern);
            return true;
        } catch (RuntimeException e) {
            return false;
        }
    }

    private static RouteMatch match(RouteTable table, String method, String path, int from) {
        return Objects.requireNonNull(table.first(method, path, from), "no route fits");
    }

    private static int find(RouteTable table, String path) {
        RouteMatch match = table.first("GET", path, 0);
        return match == null ? -1 : match.number();
    }

    private static RouteTable table(String... patterns) {
        return new RouteTable(Arrays.stream(patterns)
                .map(pattern -> new RouteConfig(Regex.compile(pattern), Set.of(), rewrite("/x")))
                .toList());
    }

    private static RouteAction rewrite(String path) {
        return new RouteAction.Rewrite(Template.literal(path));
    }
}
