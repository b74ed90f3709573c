package marina.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Makes files and spoils them. */
final class RandomSettings {
    private static final List<String> HEADS = List.of(
            "",
            "# nothing\n",
            "listen: 8081\n",
            "---\nhealth: { path: /up }\n",
            "defaults:\n  timeouts: { answer: 5s }\n",
            "apps: { a: { upstream: \"http://127.0.0.1:1\" } }\n",
            "base_path: /b\n",
            "limits: { backends: 3 }\n",
            "auth: { users: users.yml }\n",
            "log: { format: \"text\"\n  }\n",
            "x: &here 1\n",
            "%YAML 1.2\n---\n",
            "\uFEFF");
    private static final List<String> TAILS = List.of(
            "",
            "\n",
            "# end\n",
            "drain: 5s\n",
            "services:\n  s: { command: [\"true\"] }\n",
            "health: { body: \"a\n  b\" }\n",
            "...\n",
            "routes:\n- { match: ^/x$, redirect: /y }\n",
            "idle: { action: none }");
    private static final List<String> VALUES = List.of(
            "{ upstream: \"http://127.0.0.1:1\" }",
            "{ files: site }",
            "{ files: other }",
            "{ files: gone }",
            "{ command: [\"true\"], directory: site }",
            "{ app: a }",
            "{ command: x, env: { A: \"${path}\", B: '${port}' } }",
            "\n    upstream: http://127.0.0.1:2\n    timeouts: { answer: 7s }",
            "\n    # why\n    files: site",
            "\n      command: >-\n        node\n        app.js\n",
            "\n    command: |\n      node\n\n      # no comment\n      app.js\n",
            "\n    command:\n    - node\n    - \"a\n      b\"",
            "{ upstream: \"http://127.0.0.1:1\",\n     idle_timeout: 5m }",
            "{ upstream:\n  \"http://127.0.0.1:1\" }",
            "\n    files: site   # here",
            "{ command: [node, 'it''s'], vars: { a: \"${base}\" } }",
            "\n    upstream: &u http://127.0.0.1:3",
            "{ command: [ruby], user: root }",
            "{ files: site, pages: { closed: true } }",
            "\n    command: node a\n     b\n     c",
            "{ war: none.war }",
            "",
            "~",
            "{ files: site, auth: { users: users.yml } }",
            "{ command: y, memory_limit: 1G, public: { directory: site, cache: { default: 5s } } }");
    private static final List<String> LINES = List.of(
            "\n",
            "  # note\n",
            "# note\n",
            "    deeper: 1\n",
            "  - x\n",
            "---\n",
            "...\n",
            "  }\n",
            "  ]\n",
            "  \"\n",
            "  '\n",
            "\t\n",
            "  \tx: 1\n",
            "contexts:\n",
            "  /z: { files: site\n",
            "  \"/q\": { files: site }\n",
            "  ? /k\n",
            " /odd: { files: site }\n",
            "      idle_timeout: 1s\n",
            "  /a: &x { files: site }\n",
            "  /a: *here\n",
            "  /b: !t { files: site }\n",
            "drain: 1s\n",
            "\r\n",
            "  /ä: { files: site }\n",
            "  /c: { files: site } # ü\u2028\n",
            "  /d: { files: [site] }\n",
            "  |\n",
            "  /e:\n");

    private final Random random;

    RandomSettings(Random random) {
        this.random = random;
    }

    String server() {
        StringBuilder text = new StringBuilder(random.nextInt(4) == 0 ? any(HEADS) : HEADS.get(random.nextInt(6)));
        text.append(random.nextInt(12) == 0 ? "contexts: # all\n\n" : "contexts:\n");
        String indent = random.nextInt(5) == 0 ? " " : "  ";
        for (int i = random.nextInt(12); i >= 0; i--) {
            text.append(context(indent));
        }
        return text.append(any(TAILS)).toString();
    }

    private String context(String indent) {
        String quote = random.nextInt(10) == 0 ? "\"" : "";
        return indent + quote + "/c" + random.nextInt(100) + quote + ": "
                + VALUES.get(random.nextInt(random.nextInt(3) == 0 ? VALUES.size() : 3)) + "\n";
    }

    /** One edit, small most of the time. */
    String edit(String text) {
        List<String> lines = new ArrayList<>(List.of(text.split("(?<=\n)", -1)));
        int at = random.nextInt(lines.size() + 1);
        int in = Math.min(at, lines.size() - 1);
        switch (random.nextInt(12)) {
            case 0, 1, 2 -> lines.add(at, context("  "));
            case 3, 4 -> lines.set(in, context("  "));
            case 5 -> lines.remove(in);
            case 6 -> lines.add(at, any(LINES));
            case 7 -> lines.add(lines.remove(in));
            case 8, 9 -> lines.set(in, spoil(lines.get(in)));
            case 10 -> lines.add(at, random.nextBoolean() ? "  # a comment\n" : "\n");
            default -> {
                return text; // the disk may have changed
            }
        }
        return String.join("", lines);
    }

    private String spoil(String line) {
        int at = random.nextInt(line.length() + 1);
        String some = any(List.of(" ", "", "x", "\"", "1", "{", "}", "\n", "#", ": ", "- ", "\n  ", "'", ","));
        return line.substring(0, at) + some + line.substring(Math.min(line.length(), at + random.nextInt(2)));
    }

    /** Something outside of the server file. */
    void disturb(Path base) throws IOException {
        Path other = base.resolve("other");
        Path folder = base.resolve("conf/contexts");
        Path file = folder.resolve("c" + random.nextInt(4) + ".yml");
        Files.createDirectories(folder);
        switch (random.nextInt(25)) {
            case 0 -> Files.deleteIfExists(other);
            case 1, 2, 3 -> Files.createDirectories(other);
            case 4 -> Files.writeString(base.resolve("site/tmp/restart.txt"), "x".repeat(random.nextInt(9)));
            case 5, 6 -> Files.writeString(
                    file,
                    VALUES.get(random.nextInt(VALUES.size()))
                                    .replace("\n    ", "\n")
                                    .strip() + "\n");
            case 7, 8 -> clear(folder);
            default -> {}
        }
    }

    private static void clear(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    private <T> T any(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }
}
