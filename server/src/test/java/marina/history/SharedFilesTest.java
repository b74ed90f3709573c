package marina.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import marina.config.Directories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of a configuration that did not change are on the disk once, in however many configurations they are kept. */
class SharedFilesTest {
    @TempDir
    private Path base;

    private final TreeMap<Path, byte[]> files = new TreeMap<>();
    private History history;
    private Path server;

    @BeforeEach
    void begin() throws IOException {
        history = new History(new Directories(base, base));
        server = base.resolve("conf/server.yml");
        write("conf/contexts/a.yml", "files: a");
        write("conf/contexts/b.yml", "files: b");
        write("conf/server.yml", "");
        history.keep("start", List.of(), true, server, files);
    }

    @Test
    void oneThatChangedIsWrittenAndTheOthersAreShared() throws IOException {
        write("conf/contexts/b.yml", "files: c");
        history.keep("command", List.of(), true, server, files);

        assertThat(kept(2, 0)).isRegularFile().hasContent("files: a");
        assertThat(Files.isSameFile(kept(1, 0), kept(2, 0))).isTrue();
        assertThat(kept(1, 1)).hasContent("files: b");
        assertThat(kept(2, 1)).hasContent("files: c");
        assertThat(text(history.files(history.entries().get(0)).get(base.resolve("conf/contexts/a.yml"))))
                .isEqualTo("files: a");
    }

    @Test
    void whatIsNotWholeAnyMoreIsWrittenAnew() throws IOException {
        Files.writeString(kept(1, 0), "");
        write("conf/contexts/b.yml", "files: c");
        history.keep("command", List.of(), true, server, files);

        assertThat(kept(2, 0)).hasContent("files: a");
    }

    @Test
    void theSameIsKeptOnce() throws IOException {
        write("conf/contexts/b.yml", "files: b");
        history.keep("command", List.of(), true, server, files);

        assertThat(history.entries()).hasSize(1);
    }

    private Path kept(int number, int file) {
        return base.resolve(String.format(java.util.Locale.ROOT, "data/history/%06d/%d", number, file));
    }

    private static String text(byte @Nullable [] content) {
        return content == null ? "" : new String(content, StandardCharsets.UTF_8);
    }

    private void write(String name, String text) {
        files.put(base.resolve(name), text.getBytes(StandardCharsets.UTF_8));
    }
}
