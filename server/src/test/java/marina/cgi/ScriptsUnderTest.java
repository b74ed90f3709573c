package marina.cgi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import marina.testing.MarinaUnderTest;
import marina.testing.RawClient;

/** A folder of an instance with scripts in it. */
final class ScriptsUnderTest {
    private final Path base;

    ScriptsUnderTest(Path base) {
        this.base = base;
    }

    /** Writes a shell script. */
    ScriptsUnderTest sh(String name, String text) {
        return script(name, "#!/bin/sh\n" + text);
    }

    ScriptsUnderTest python(String name, String text) {
        return script(name, "#!/usr/bin/env python3\n" + text);
    }

    private ScriptsUnderTest script(String name, String text) {
        MarinaUnderTest.write(base, "cgi/" + name, text);
        assertThat(base.resolve("cgi/" + name).toFile().setExecutable(true)).isTrue();
        return this;
    }

    MarinaUnderTest start(String yaml) {
        return MarinaUnderTest.start(base, yaml);
    }

    Path path(String name) {
        return base.resolve(name);
    }

    /** The pid that a script wrote into this file, or 0. */
    long pid(String name) {
        try {
            Path file = path(name);
            String text = Files.exists(file) ? Files.readString(file).strip() : "";
            return text.isEmpty() ? 0 : Long.parseLong(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether a process runs; one that nobody has waited for does not. */
    static boolean isAlive(long pid) {
        try {
            Path stat = Path.of("/proc/" + pid + "/stat");
            return Files.exists(stat) && !Files.readString(stat).contains(") Z ");
        } catch (IOException e) {
            return false;
        }
    }

    /** The body of an answer, its chunks put together. */
    static String body(String answer) {
        int end = answer.indexOf("\r\n\r\n");
        String head = answer.substring(0, end);
        String rest = answer.substring(end + 4);
        if (!head.contains("Transfer-Encoding: chunked")) {
            return rest;
        }
        StringBuilder body = new StringBuilder();
        while (!rest.isEmpty()) {
            int line = rest.indexOf("\r\n");
            int size = Integer.parseInt(rest.substring(0, line), 16);
            body.append(rest, line + 2, line + 2 + size);
            rest = rest.substring(line + 2 + size + 2);
        }
        return body.toString();
    }

    static String post(URI server, String path, String fields, String body) {
        return RawClient.exchange(
                server, "POST " + path + " HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n" + fields + "\r\n" + body);
    }
}
