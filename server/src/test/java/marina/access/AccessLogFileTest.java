package marina.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import marina.config.AccessFileConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Lines reach their file, files begin anew, and nobody waits for a disk that does not work. */
class AccessLogFileTest {
    @TempDir
    private Path folder;

    private final Calendar calendar = new Calendar();

    /** A clock that a test turns. */
    private static final class Calendar extends Clock {
        private Instant now = Instant.parse("2026-11-21T23:59:00Z");

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    private RotatingFile file(long size, int keep, boolean compress) {
        return new RotatingFile(
                folder.resolve("access.log"), new AccessFileConfig("access.log", true, size, keep, compress), calendar);
    }

    private void write(LineTarget target, String... lines) throws IOException {
        for (String line : lines) {
            target.add(line);
        }
        target.flush();
        calendar.now = calendar.now.plusSeconds(1);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    private String text(String name) throws IOException {
        return Files.readString(folder.resolve(name));
    }

    @Test
    void beginsAnewEachDayAndAtItsSize() throws IOException {
        RotatingFile target = file(20, 3, false);
        write(target, "one", "two");
        write(target, "a line that is long");
        calendar.now = calendar.now.plus(Duration.ofMinutes(2));
        write(target, "tomorrow");
        assertThat(names()).containsExactly("access.2026-11-21.0.log", "access.2026-11-21.1.log", "access.log");
        assertThat(text("access.2026-11-21.0.log")).isEqualTo("one\ntwo\n");
        assertThat(text("access.log")).isEqualTo("tomorrow\n");

        write(target, "another long line", "another long line", "another long line");
        target.close();
        assertThat(names()).hasSize(4).doesNotContain("access.2026-11-21.0.log", "access.2026-11-21.1.log");
    }

    @Test
    void whatAnEarlierRunHasLeftIsOfItsOwnDay() throws IOException {
        Files.writeString(folder.resolve("access.log"), "half a li");
        Files.setLastModifiedTime(folder.resolve("access.log"), FileTime.from(Instant.parse("2026-11-20T12:00:00Z")));
        write(file(0, 0, false), "today");
        assertThat(text("access.2026-11-20.0.log")).isEqualTo("half a li");
        assertThat(text("access.log")).isEqualTo("today\n");
    }

    @Test
    void goesOnBehindHalfALine() throws IOException {
        Files.writeString(folder.resolve("access.log"), "half a li");
        calendar.now = Instant.now();
        write(file(0, 0, false), "next");
        assertThat(text("access.log")).isEqualTo("half a li\nnext\n");
    }

    @Test
    void compressesOlderFiles() throws IOException {
        RotatingFile target = file(10, 5, true);
        write(target, "123456789", "x");
        target.close();
        await().until(() -> names().equals(List.of("access.2026-11-21.0.log.gz", "access.log")));
        try (InputStream in = new GZIPInputStream(Files.newInputStream(folder.resolve("access.2026-11-21.0.log.gz")))) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("123456789\n");
        }
    }

    @Test
    void makesANewFileWhenLogrotateHasMovedTheOldOne() throws IOException {
        RotatingFile target = file(0, 0, false);
        write(target, "before");
        Files.move(folder.resolve("access.log"), folder.resolve("access.log.1"));
        write(target, "after");
        assertThat(text("access.log.1")).isEqualTo("before\n");
        assertThat(text("access.log")).isEqualTo("after\n");
    }

    @Test
    @Timeout(30)
    void dropsAndCountsWhatASlowDiskCannotTake() throws Exception {
        CountDownLatch disk = new CountDownLatch(1);
        RotatingFile file = file(0, 0, false);
        LineFile lines = new LineFile(new Slow(file, disk), 10);
        lines.start();
        for (int i = 0; i < 1000; i++) {
            lines.offer("line " + i);
        }
        assertThat(lines.dropped()).isGreaterThanOrEqualTo(1000 - 11 - 1024).isPositive();
        disk.countDown();
        await().until(() -> lines.written() + lines.dropped() == 1000);
        lines.close();
        assertThat(text("access.log").lines().count()).isEqualTo(lines.written());
    }

    /** A disk that takes nothing until it is told to. */
    private record Slow(LineTarget target, CountDownLatch disk) implements LineTarget {
        @Override
        public String name() {
            return "slow";
        }

        @Override
        public void add(String line) throws IOException {
            try {
                disk.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            target.add(line);
        }

        @Override
        public void flush() throws IOException {
            target.flush();
        }

        @Override
        public void close() {
            target.close();
        }
    }

    @Test
    @Timeout(30)
    @EnabledOnOs(OS.LINUX)
    void goesOnWhenTheDiskHasRoomAgain() throws Exception {
        Path name = folder.resolve("access.log");
        Files.createSymbolicLink(name, Path.of("/dev/full"));
        LineFile lines = new LineFile(
                new RotatingFile(name, new AccessFileConfig("access.log", false, 0, 0, false), Clock.systemUTC()));
        lines.start();
        lines.offer("lost");
        await().until(() -> lines.dropped() == 1);
        Files.delete(name);
        await().until(() -> {
            lines.offer("kept");
            return lines.written() > 0;
        });
        lines.close();
        assertThat(Files.readString(name)).startsWith("kept\n").doesNotContain("lost");
        assertThat(lines.dropped()).isGreaterThanOrEqualTo(1);
    }

    /** As when the program behind a pipe is started anew. */
    @Test
    void standardOutputGoesOnAfterAFailure() throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        AtomicBoolean away = new AtomicBoolean(true);
        StandardOutput target = new StandardOutput(new OutputStream() {
            @Override
            public void write(int one) throws IOException {
                if (away.get()) {
                    throw new IOException("Broken pipe");
                }
                read.write(one);
            }
        });
        target.add("lost");
        assertThatThrownBy(target::flush).hasMessage("Broken pipe");
        away.set(false);
        write(target, "one", "two");
        assertThat(read).hasToString("one\ntwo\n");
    }

    @Test
    void anOldFileThatCannotBeDeletedLosesNoLine() throws IOException {
        Files.createDirectories(folder.resolve("access.2026-11-01.0.log/full"));
        RotatingFile target = file(5, 1, false);
        write(target, "first", "second", "third");
        target.close();
        assertThat(text("access.log")).isEqualTo("third\n");
        assertThat(names()).containsExactly("access.2026-11-01.0.log", "access.2026-11-21.1.log", "access.log");
    }

    @Test
    void linesThatComeTooLateAreCountedAsDropped() throws IOException {
        LineFile log = new LineFile(file(0, 0, false));
        log.start();
        log.offer("in time");
        log.close();
        log.offer("late");
        log.offer("later");
        assertThat(log.written()).isEqualTo(1);
        assertThat(log.dropped()).isEqualTo(2);
        assertThat(log.waiting()).isZero();
        assertThat(text("access.log")).isEqualTo("in time\n");
    }
}
