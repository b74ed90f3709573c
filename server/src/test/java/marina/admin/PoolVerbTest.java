package marina.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import marina.config.ConfigLoader;
import marina.config.Directories;
import marina.server.MarinaServer;
import marina.testing.MarinaUnderTest;
import marina.testing.Members;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code marina.sh pool}, and the same in JMX. */
class PoolVerbTest {
    @TempDir
    private Path base;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final MBeanServer mbeans = MBeanServerFactory.newMBeanServer();

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return new CommandLine(new Directories(base, base), Map.of())
                .picocli()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    private MarinaServer start(Members members) throws Exception {
        String yaml = members.yaml("steering: failover", "fallback: \"http://127.0.0.1:1\"");
        MarinaUnderTest.write(
                base,
                "conf/server.yml",
                "listen: \"127.0.0.1:0\"\n" + yaml.replace("contexts: {", "contexts: { /a: { files: conf },"));
        Directories directories = new Directories(base, base);
        MarinaServer.Installation installation =
                new MarinaServer.Installation(directories, base.resolve("conf/server.yml"), Map.of(), () -> mbeans);
        MarinaServer server = new MarinaServer(
                installation,
                new ConfigLoader(directories, Map.of()).load(installation.serverFile()),
                self -> new ControlHandler(self, () -> {}));
        server.start();
        return server;
    }

    @Test
    void showsDrainsAndEnablesMembers() throws Exception {
        try (Members members = new Members(2)) {
            MarinaServer server = start(members);
            try {
                String first = members.get(0).url();
                String second = members.get(1).url();
                assertThat(run("pool", "/")).isZero();
                assertThat(out.toString().lines().toList())
                        .satisfiesExactly(
                                line -> assertThat(line).isEqualTo("/: healthy, failover"),
                                line -> assertThat(line)
                                        .startsWith("MEMBER ")
                                        .contains("STATE", "WEIGHT", "IN FLIGHT", "LAST FAILURE"),
                                line -> assertThat(line).startsWith(first + " ").contains(" healthy  1.0 "),
                                line -> assertThat(line)
                                        .startsWith(second + " ")
                                        .contains(" healthy "),
                                line -> assertThat(line).startsWith("http://127.0.0.1:1 (fallback) "));

                assertThat(run("pool", "/", "drain", members.get(0).address())).isZero();
                assertThat(out.toString())
                        .isEqualToIgnoringNewLines("/: member " + first + " is drained; 1 of 2 members can answer");
                assertThat(run("pool", "/", "--json")).isZero();
                assertThat(out.toString()).contains("\"state\":\"drained\"", "\"health\":\"healthy\"");
                assertThat(run("pool", "/", "enable", first)).isZero();
                assertThat(out.toString()).contains("is enabled; 2 of 2 members can answer");
            } finally {
                server.stop();
            }
        }
    }

    @Test
    void whatIsNotThereIsSaid() throws Exception {
        try (Members members = new Members(1)) {
            MarinaServer server = start(members);
            try {
                assertThat(run("pool", "/", "drain", "10.0.0.1")).isEqualTo(CommandLine.FAILED);
                assertThat(err.toString())
                        .contains("\"10.0.0.1\" is no member", members.get(0).url());
                assertThat(run("pool", "/a")).isEqualTo(CommandLine.FAILED);
                assertThat(err.toString()).contains("/a has no members");
                assertThat(run("pool", "/b", "enable", "x")).isEqualTo(CommandLine.FAILED);
                assertThat(err.toString()).contains("no context is mounted at \"/b\"");
                assertThat(run("pool", "/", "drain")).isEqualTo(2);
                assertThat(run("pool", "/", "stop", "x")).isEqualTo(2);
            } finally {
                server.stop();
            }
            assertThat(run("pool", "/")).isEqualTo(CommandLine.NOT_RUNNING);
        }
    }

    @Test
    void jmxShowsTheMembersAndCanDrainThem() throws Exception {
        ObjectName name = new ObjectName("marina:type=Upstream,context=\"/\"");
        try (Members members = new Members(2)) {
            MarinaServer server = start(members);
            try {
                assertThat(mbeans.getAttribute(name, "Health")).isEqualTo("healthy");
                assertThat(mbeans.getAttribute(name, "Steering")).isEqualTo("failover");
                Object said = mbeans.invoke(
                        name, "drain", new Object[] {members.get(0).url()}, new String[] {String.class.getName()});
                assertThat((String) said).contains("is drained");
                CompositeData first = ((CompositeData[]) mbeans.getAttribute(name, "Members"))[0];
                assertThat(first.get("state")).isEqualTo("drained");
                assertThat(first.get("url")).isEqualTo(members.get(0).url());
                MarinaUnderTest.write(base, "conf/server.yml", "listen: \"127.0.0.1:0\"\n");
                assertThat(server.reloader().reload().join().succeeded()).isTrue();
                assertThat(mbeans.isRegistered(name)).isFalse();
            } finally {
                server.stop();
            }
        }
    }
}
