package marina.admin;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import marina.config.ConfigLoader;
import marina.config.Directories;
import marina.server.MarinaServer;
import marina.testing.MarinaUnderTest;

/** A Marina with its control socket, and commands as processes of their own. */
final class RunningMarina implements AutoCloseable {
    private final Path base;
    private final MarinaServer server;

    RunningMarina(Path base, String yaml) throws Exception {
        this.base = base;
        MarinaUnderTest.write(base, "conf/server.yml", "listen: \"127.0.0.1:0\"\n" + yaml);
        Directories directories = new Directories(base, base);
        MBeanServer mbeans = MBeanServerFactory.newMBeanServer();
        MarinaServer.Installation installation =
                new MarinaServer.Installation(directories, base.resolve("conf/server.yml"), Map.of(), () -> mbeans);
        server = new MarinaServer(
                installation,
                new ConfigLoader(directories, Map.of()).load(installation.serverFile()),
                self -> new ControlHandler(self, () -> {}));
        server.start();
    }

    MarinaServer server() {
        return server;
    }

    /** A {@code marina.sh} for this instance. */
    static Path script(Path base) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Path script = base.resolve("marina.sh");
        Files.writeString(
                script,
                "#!/bin/sh\nexport MARINA_BASE='" + base + "'\n[ -t 1 ] && export MARINA_STDOUT=tty\nexec '" + java
                        + "' -Xshare:auto -XX:TieredStopAtLevel=1 -cp '" + System.getProperty("java.class.path")
                        + "' marina.Main \"$@\"\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        return script;
    }

    /** What a program prints. */
    static String output(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(new ArrayList<>(List.of(command)))
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said;
    }

    @Override
    public void close() {
        server.stop();
    }

    @Override
    public String toString() {
        return base.toString();
    }
}
