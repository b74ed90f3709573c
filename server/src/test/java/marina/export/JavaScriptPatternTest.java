package marina.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.re2j.Pattern;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.eclipse.jetty.util.ajax.JSON;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A pattern of the configuration means the same in the Worker. */
class JavaScriptPatternTest {
    private static final List<String> PATTERNS = List.of(
            "^/old/(.*)$",
            "^/2025/[a-z]+/?$",
            "\\.pdf$",
            "^\\Q/a.b(c)\\E",
            "^\\Q/x/\\E$",
            "(?i)^/Shop/(\\d+)",
            "^/[^/]+/[\\w.-]+$",
            "^/[]a-]",
            "a{2,3}|b{1}|c{,2}|{x}",
            "\\s\\S",
            "[\\s]x[\\S]",
            "^/(?P<year>\\d{4})-(?:a|b)",
            "\\pL\\p{Greek}|[\\p{Lu}_]",
            "\\x41\\x{e4}",
            "[[:alpha:]][[:digit:]x]",
            "^/a\\/b\\-c\\_d",
            "\\A/a.c\\z",
            "(?s)a.c",
            "a.c",
            "]}-",
            "x*?y+?|z??",
            "[a-c-e]",
            "[\\w-x]",
            "\\bab\\b",
            "^$|ä");
    private static final String[] PIECES = {
        "/",
        "old",
        "a",
        "b",
        "c",
        "x",
        "2025",
        "-",
        "_",
        ".",
        "pdf",
        "Shop",
        "shop",
        "7",
        "1234",
        "A",
        "ä",
        "Ω",
        "z",
        "y",
        "{",
        "}",
        "]",
        "[",
        "(c)",
        " ",
        "\u00a0",
        "\n",
        ",2",
        "e",
        "aa",
        "\ud83d\ude00"
    };

    @TempDir
    private Path folder;

    @Test
    void matchesWhatItMatchesInMarina() throws Exception {
        Random random = new Random(7);
        List<Object> cases = new ArrayList<>();
        List<Object> expected = new ArrayList<>();
        for (String pattern : PATTERNS) {
            JavaScriptPattern translated = JavaScriptPattern.of(pattern);
            Pattern re2 = Pattern.compile(pattern);
            for (int i = 0; i < 400; i++) {
                StringBuilder text = new StringBuilder(random.nextBoolean() ? "/" : "");
                for (int piece = random.nextInt(6); piece > 0; piece--) {
                    text.append(PIECES[random.nextInt(PIECES.length)]);
                }
                cases.add(Map.of("source", translated.source(), "flags", translated.flags(), "text", text.toString()));
                com.google.re2j.Matcher matcher = re2.matcher(text);
                expected.add(
                        matcher.find() ? pattern + " in " + text + ": " + matcher.group() : pattern + " in " + text);
            }
        }
        Object[] found = node(cases);
        assertThat(found).hasSize(cases.size());
        for (int i = 0; i < found.length; i++) {
            String what = PATTERNS.get(i / 400) + " in " + ((Map<?, ?>) cases.get(i)).get("text");
            assertThat(what + (found[i] == null ? "" : ": " + found[i])).isEqualTo(expected.get(i));
        }
    }

    @Test
    void theListOfCrawlersIsGoodJavaScript() throws Exception {
        List<Object> cases = new ArrayList<>();
        for (String source : EdgeCrawlers.patterns()) {
            cases.add(Map.of("source", source, "flags", "u", "text", "Mozilla/5.0 (X11; Linux x86_64) Firefox/130.0"));
        }
        assertThat(node(cases)).containsOnlyNulls();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a(?i:b)", "(?U)a*", "\\Ca", "[[:punct:]]"})
    void whatJavaScriptCannotSayIsRefused(String pattern) {
        assertThatThrownBy(() -> JavaScriptPattern.of(pattern))
                .isInstanceOf(ExportException.class)
                .hasMessageContaining("\"" + pattern + "\"")
                .hasMessageContaining("write it in another way");
    }

    private Object[] node(List<Object> cases) throws IOException, InterruptedException {
        Path input = Files.writeString(folder.resolve("cases.json"), new JSON().toJSON(cases));
        Process node = new ProcessBuilder(
                        "node",
                        "-e",
                        "const cases = JSON.parse(require('fs').readFileSync(process.argv[1], 'utf8'));"
                                + "console.log(JSON.stringify(cases.map((c) => {"
                                + "const m = new RegExp(c.source, c.flags).exec(c.text); return m === null ? null : m[0]; })))",
                        input.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String text = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(node.waitFor()).isZero();
        return (Object[]) new JSON().fromJSON(text);
    }
}
