package marina.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The options that the scripts give to the server's JVM, and the archive of classes that the second start finds. */
class FastStartIT {
    private static final Duration LONGEST = Duration.ofMinutes(3);

    @TempDir
    private Path base;

    @Test
    void theFirstStartMakesAnArchiveForTheNextOnesWhichIsNotUsedWhenItIsDamaged() throws IOException {
        try (HomeUnderTest home = HomeUnderTest.at(base, "contexts: { /docs: { files: site } }\n")
                .with("MARINA_ARCHIVE", "on")
                .write("site/index.html", "hello")) {
            home.start();
            assertThat(mapped(home)).isEmpty();
            await("the archive")
                    .atMost(LONGEST)
                    .until(() -> archives().size() == 1
                            && Files.exists(base.resolve("work/cds")
                                    .resolve(archives()
                                            .get(0)
                                            .getFileName()
                                            .toString()
                                            .replaceFirst("-\\d+\\.\\w+$", ".txt"))));
            assertThat(home.processes()).as("nothing goes on").containsExactly(home.pid());
            home.stop();

            home.start();
            assertThat(home.browser().body("/docs/")).isEqualTo("hello");
            Path archive = archives().get(0);
            assertThat(mapped(home)).contains(archive.toString());
            home.stop();

            try (RandomAccessFile file = new RandomAccessFile(archive.toFile(), "rw")) {
                file.setLength(3_000_000); // Java 17 crashes with such a one
            }
            home.start();
            assertThat(home.browser().body("/docs/")).isEqualTo("hello");
            assertThat(mapped(home)).isEmpty();
            home.stop();
            assertThat(home.read("logs/marina.out")).doesNotContain("[cds]", "[aot]", "archive");
        }
    }

    /** As in an image, or where several instances run on one installation. */
    @Test
    void theArchiveThatCameWithTheInstallationIsUsedAndNoneIsMade() throws IOException {
        Path shipped = base.resolve("shipped");
        Files.createDirectories(shipped.resolve("conf"));
        for (String part : List.of("bin", "lib", "conf/logback.xml")) {
            Files.createSymbolicLink(shipped.resolve(part), HomeUnderTest.home().resolve(part));
        }
        try (HomeUnderTest image =
                HomeUnderTest.at(shipped, "").with("MARINA_ARCHIVE", "on").with("MARINA_HOME", shipped.toString())) {
            image.with("PATH", processors(4)).marina("archive").exits(0);
        }
        Path instance = Files.createDirectories(base.resolve("instance"));
        try (HomeUnderTest home =
                HomeUnderTest.at(instance, "").with("MARINA_ARCHIVE", "on").with("MARINA_HOME", shipped.toString())) {
            home.with("PATH", processors(2)).start(); // with another collector
            assertThat(mapped(home)).contains(shipped.resolve("work/cds").toString());
            await("longer than it takes to begin")
                    .during(Duration.ofSeconds(10))
                    .atMost(HomeUnderTest.PATIENCE)
                    .untilAsserted(
                            () -> assertThat(instance.resolve("work/cds")).doesNotExist());
            home.stop();
        }
    }

    @Test
    void anArchiveThatCannotBeMadeIsSaidOnceAndTroublesNoRequest() {
        try (HomeUnderTest home = HomeUnderTest.at(base, "contexts: { /docs: { files: site } }\n")
                .with("MARINA_ARCHIVE", "on")
                .write("site/index.html", "hello")
                .write("work/cds", "a file where the folder should be")) {
            home.start();
            await("the message").atMost(HomeUnderTest.PATIENCE).until(() -> home.read("logs/marina.log")
                    .contains("No archive of Marina's classes"));
            assertThat(home.browser().body("/docs/")).isEqualTo("hello");
            home.stop();
            home.start();
            assertThat(home.browser().body("/docs/")).isEqualTo("hello");
        }
    }

    /** A Marina that has just been started makes one in the background, too. */
    @Test
    void anArchiveThatIsMadeByHandLeavesAloneWhatAnotherOneIsMaking() throws IOException {
        try (HomeUnderTest home = HomeUnderTest.at(base, "").with("MARINA_ARCHIVE", "on")) {
            Path underWay = Files.createDirectories(base.resolve("work/cds/draft-server1"));
            Path left = Files.createDirectories(base.resolve("work/cds/draft-server2"));
            Files.setLastModifiedTime(left, FileTime.from(Instant.now().minus(Duration.ofHours(1))));

            assertThat(home.patient(LONGEST).marina("archive").exits(0).out())
                    .contains("is made; the next starts are faster");
            assertThat(archives()).hasSize(1);
            assertThat(underWay).exists();
            assertThat(left).doesNotExist();
        }
    }

    @Test
    void aSmallMachineGetsASmallJvmAndOwnOptionsWin() throws IOException {
        try (HomeUnderTest home = HomeUnderTest.at(base, "").with("MARINA_PROFILE", "small")) {
            home.start();
            assertThat(commandLine(home)).contains("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
            home.stop();
            home.with("MARINA_OPTS", "-XX:+UseParallelGC -Xmx99m");
            home.start();
            assertThat(commandLine(home))
                    .contains("-XX:+UseParallelGC", "-Xmx99m")
                    .doesNotContain("-XX:+UseSerialGC");
            home.stop();
            home.with("MARINA_PROFILE", "none").with("MARINA_OPTS", "");
            home.start();
            assertThat(commandLine(home)).noneMatch(option -> option.startsWith("-XX"));
        }
    }

    /** Else the JVM chooses: the serial one for one processor, G1 for more. */
    @Test
    void twoProcessorsGetTheParallelCollectorUnlessAnotherOneIsAskedFor() throws IOException {
        assumeTrue(Runtime.getRuntime().availableProcessors() >= 2, "a cgroup allows one processor");
        try (HomeUnderTest home = HomeUnderTest.at(base, "").with("MARINA_PROFILE", "server")) {
            for (int processors : List.of(1, 2, 4)) {
                home.with("PATH", processors(processors)).start();
                assertThat(commandLine(home).contains("-XX:+UseParallelGC"))
                        .as(processors + " processors")
                        .isEqualTo(processors == 2);
                home.stop();
            }
            home.with("PATH", processors(2)).with("MARINA_OPTS", "-XX:+UseSerialGC");
            home.start();
            assertThat(commandLine(home)).contains("-XX:+UseSerialGC").doesNotContain("-XX:+UseParallelGC");
        }
    }

    /** A search path on which the system says that there are so many. */
    private String processors(int number) throws IOException {
        Path folder = Files.createDirectories(base.resolve("programs" + number));
        Path program = Files.writeString(folder.resolve("nproc"), "#!/bin/sh\necho " + number + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        return folder + ":" + System.getenv("PATH");
    }

    @Test
    void theJvmHasTakenWhatItsProfileSays() throws Exception {
        try (HomeUnderTest home = HomeUnderTest.at(base, "").with("MARINA_PROFILE", "server")) {
            home.start();
            int version = Integer.parseInt(flag(home, "VM.version", "JDK (\\d+)\\."));
            assertThat(flags(home).contains("-XX:+UseCompactObjectHeaders")).isEqualTo(version >= 25);
            assertThat(flags(home)).doesNotContain("TieredStopAtLevel").contains("-XX:InitialHeapSize=8388608");
            assertThat(flags(home)).as("shared by all JVMs").contains("-XX:ArchiveRelocationMode=0");
            home.stop();

            home.with("MARINA_OPTS", "-Xms64m");
            home.start();
            assertThat(flags(home)).contains("-XX:InitialHeapSize=67108864");
            home.stop();

            home.with("MARINA_PROFILE", "small").with("MARINA_OPTS", "-Xmx96m");
            home.start();
            assertThat(flags(home))
                    .contains("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:ReservedCodeCacheSize=50331648")
                    .contains("-XX:MaxHeapFreeRatio=30", "-XX:MaxHeapSize=100663296");
            assertThat(flags(home).contains("-XX:+UseCompactObjectHeaders")).isEqualTo(version >= 25);
            assertThat(resident(home)).as("MB of the 256 that there may be").isLessThan(160);
        }
    }

    @Test
    void whatAStartHasLeftInTheHeapIsGivenBackAtRestAndTheHeapMayGrowAgain() throws Exception {
        Pattern collection = Pattern.compile("System\\.gc\\(\\)\\) \\d+M->(\\d+)M\\((\\d+)M\\)");
        try (HomeUnderTest home =
                HomeUnderTest.at(base, "").with("MARINA_OPTS", "-Xlog:gc -XX:+UseG1GC -XX:G1HeapRegionSize=1m")) {
            home.start();
            await("a collection").atMost(HomeUnderTest.PATIENCE).until(() -> collection
                    .matcher(home.read("logs/marina.out"))
                    .find());
            Matcher said = collection.matcher(home.read("logs/marina.out"));
            assertThat(said.find()).isTrue();
            int used = Integer.parseInt(said.group(1));
            assertThat(Integer.parseInt(said.group(2))).as("MB for " + used).isLessThan(used + 8);
            await("the usual room").atMost(HomeUnderTest.PATIENCE).untilAsserted(() -> assertThat(flags(home))
                    .contains("-XX:MaxHeapFreeRatio=70", "-XX:MinHeapFreeRatio=40"));
        }
    }

    @Test
    void aStartTellsTheAddressesAndContextsAndLeavesNothingOfThatBehind() {
        try (HomeUnderTest home =
                HomeUnderTest.at(base, "contexts: { /docs: { files: site } }\n").write("site/index.html", "hello")) {
            String said = home.script("startup.sh").exits(0).out();
            assertThat(said).containsPattern("Marina started: pid \\d+, http://\\S+\n {2}http://\\S+/docs");
            assertThat(base.resolve("run").toFile().list()).noneMatch(name -> name.startsWith("started-"));
            home.script("shutdown.sh").exits(0);
        }
    }

    private static String flags(HomeUnderTest home) throws Exception {
        return flag(home, "VM.flags", "(?s)(.*)");
    }

    /** What the JVM says of itself. */
    private static String flag(HomeUnderTest home, String command, String pattern) throws Exception {
        Path java = Path.of("/proc/" + home.pid() + "/exe").toRealPath();
        Process jcmd = new ProcessBuilder(java.resolveSibling("jcmd").toString(), Long.toString(home.pid()), command)
                .redirectErrorStream(true)
                .start();
        String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Matcher matcher = Pattern.compile(pattern).matcher(said);
        assertThat(matcher.find()).as(said).isTrue();
        return matcher.group(1);
    }

    private static long resident(HomeUnderTest home) throws IOException {
        Matcher matcher = Pattern.compile("VmRSS:\\s+(\\d+) kB")
                .matcher(Files.readString(Path.of("/proc/" + home.pid() + "/status")));
        assertThat(matcher.find()).isTrue();
        return Long.parseLong(matcher.group(1)) / 1024;
    }

    @Test
    void aProfileThatThereIsNotIsRefused() {
        try (HomeUnderTest home = HomeUnderTest.at(base, "").with("MARINA_PROFILE", "tiny")) {
            assertThat(home.script("startup.sh").exits(1).err())
                    .contains("MARINA_PROFILE is \"tiny\"; write server, small or none");
        }
    }

    private List<Path> archives() throws IOException {
        Path folder = base.resolve("work/cds");
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().matches(".*\\.(jsa|aot)"))
                    .toList();
        }
    }

    private static List<String> commandLine(HomeUnderTest home) throws IOException {
        return List.of(
                Files.readString(Path.of("/proc/" + home.pid() + "/cmdline")).split("\0"));
    }

    /** The archives that the JVM has mapped, as the system says. */
    private static String mapped(HomeUnderTest home) throws IOException {
        StringBuilder mapped = new StringBuilder();
        Files.readString(Path.of("/proc/" + home.pid() + "/maps"))
                .lines()
                .filter(line -> line.contains("/work/cds/"))
                .forEach(line -> mapped.append(line).append('\n'));
        return mapped.toString();
    }
}
