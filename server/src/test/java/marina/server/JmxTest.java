package marina.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a JMX client sees and can do. */
class JmxTest {
    @TempDir
    private Path base;

    @Test
    void aContextShowsItsStateAndCanBeStartedStoppedAndRestarted() throws Exception {
        try (MarinaUnderTest marina = MarinaUnderTest.start(
                base,
                """
                contexts:
                  /sam/app: { command: [node, app.js], directory: %s }
                """
                        .formatted(Path.of("target/test-classes/apps").toAbsolutePath()))) {
            MBeanServer mbeans = marina.mbeans();
            ObjectName name = new ObjectName("marina:type=Context,path=\"/sam/app\"");
            assertThat(mbeans.getAttribute(name, "State")).isEqualTo("stopped");

            mbeans.invoke(name, "start", new Object[0], new String[0]);
            assertThat(mbeans.getAttribute(name, "State")).isEqualTo("ready");
            long pid = (long) mbeans.getAttribute(name, "Pid");
            assertThat(ProcessHandle.of(pid)).isPresent();
            assertThat((String) mbeans.getAttribute(name, "Address")).startsWith("127.0.0.1:");
            assertThat((long) mbeans.getAttribute(name, "LastStartMillis")).isPositive();

            marina.get("/sam/app/x");
            assertThat(mbeans.getAttribute(name, "Requests")).isEqualTo(1L);

            mbeans.invoke(name, "restart", new Object[0], new String[0]);
            assertThat(mbeans.getAttribute(name, "Pid")).isNotEqualTo(pid);
            assertThat(mbeans.getAttribute(name, "Pids"))
                    .isEqualTo(new Long[] {(long) mbeans.getAttribute(name, "Pid")});
            assertThat(mbeans.getAttribute(name, "ReadyInstances")).isEqualTo(1);

            mbeans.invoke(name, "stop", new Object[0], new String[0]);
            assertThat(mbeans.getAttribute(name, "State")).isEqualTo("stopped");
        }
    }

    @Test
    void aStartThatFailsSaysWhyAndTheDatabasePasswordIsNowhere() throws Exception {
        MarinaUnderTest.write(base, "webapps/no.war", "no zip");
        try (MarinaUnderTest marina = MarinaUnderTest.start(
                base,
                """
                contexts:
                  /no: { war: no.war, env: { DATABASE_URL: "postgres://me:hush@localhost/db" } }
                """)) {
            ObjectName name = new ObjectName("marina:type=Context,path=\"/no\"");

            assertThatThrownBy(() -> marina.mbeans().invoke(name, "start", new Object[0], new String[0]))
                    .rootCause()
                    .hasMessageContaining("no.war");
            assertThat((String) marina.mbeans().getAttribute(name, "DatabaseUrl"))
                    .startsWith("postgres://me:")
                    .doesNotContain("hush");
        }
    }

    @Test
    void jettysOwnBeansAreThereToo() throws Exception {
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, "")) {
            assertThat(marina.mbeans().queryNames(new ObjectName("org.eclipse.jetty.*:type=queuedthreadpool,*"), null))
                    .isNotEmpty();
        }
    }

    @Test
    void theBeansComeAndGoWithTheContexts() throws Exception {
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, "")) {
            ObjectName name = new ObjectName("marina:type=Context,path=\"/new\"");
            assertThat(marina.mbeans().isRegistered(name)).isFalse();

            MarinaUnderTest.write(base, "site/index.html", "hello");
            marina.reload("contexts: { /new: { files: site } }");
            assertThat(marina.mbeans().getAttribute(name, "Kind")).isEqualTo("files");

            marina.reload("");
            assertThat(marina.mbeans().isRegistered(name)).isFalse();
            assertThat((String[]) marina.mbeans().getAttribute(new ObjectName("marina:type=Server"), "Urls"))
                    .containsExactly(marina.uri("").toString());
        }
    }
}
