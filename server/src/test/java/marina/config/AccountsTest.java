package marina.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import marina.testing.CurrentUser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccountsTest {
    @TempDir
    Path base;

    private final List<String> asked = new ArrayList<>();
    private Instance instance = new Instance(Path.of(""));

    @BeforeEach
    void fill() {
        instance = new Instance(base)
                .file(
                        "etc/passwd",
                        "sam:x:1000:1000:Sam,,,:/home/sam:/bin/sh\nrails:x:1001:1001::/home/rails:\nbad:x\n")
                .file("etc/group", "sam:x:1000:\nrails:x:1001:sam\nweb:x:1003:\n");
    }

    @Test
    void aUserBringsItsGroupAndHome() {
        assertThat(account(root(), "user: rails")).isEqualTo(new RunAs("rails", 1001, 1001, "/home/rails", true));
        assertThat(account(root(), "user: 1001")).isEqualTo(new RunAs("rails", 1001, 1001, "/home/rails", true));
        assertThat(account(root(), "user: rails, group: web").gid()).isEqualTo(1003);
    }

    @Test
    void aNumberNeedsNoAccount() {
        assertThat(account(root(), "user: 4000, group: 4001")).isEqualTo(new RunAs("4000", 4000, 4001, "/", false));
    }

    @Test
    void whatNoFileHoldsIsAskedOnceOfTheNameServices() {
        Accounts accounts = new Accounts(base.resolve("etc"), new Accounts.Self(0, 0, tools("setpriv")), this::ldap);
        instance.server("contexts: { /a: { command: run, user: ldapuser }, /b: { command: run, user: ldapuser } }");

        assertThat(load(accounts, "/b").process().account())
                .isEqualTo(new RunAs("ldapuser", 70000, 70001, "/net/ldapuser", true));
        assertThat(asked).containsExactly("passwd ldapuser");
    }

    @Test
    void withoutRootOnlyItsOwnAccountMayBeNamed() {
        Accounts sam = new Accounts(base.resolve("etc"), new Accounts.Self(1000, 1000, ""), this::ldap);

        assertThat(account(sam, "user: sam, group: sam")).isEqualTo(RunAs.MARINA);
        assertThatThrownBy(() -> account(sam, "user: rails"))
                .hasMessage(
                        "conf/server.yml:1:39: contexts./a.user: \"rails\" is another user than the one Marina runs as"
                                + " (uid 1000); start Marina as root, or remove it");
        assertThatThrownBy(() -> account(sam, "group: web"))
                .hasMessage(
                        "conf/server.yml:1:40: contexts./a.group: \"web\" is another group than the one Marina runs as"
                                + " (gid 1000); start Marina as root, or remove it");
    }

    @Test
    void rootMayKeepItsUserInAnotherGroup() {
        instance.file("etc/passwd", "root:x:0:0:root:/root:/bin/sh\n");

        assertThat(account(root(), "group: web")).isEqualTo(new RunAs("root", 0, 1003, "/root", true));
        assertThat(account(root(), "user: root")).isEqualTo(RunAs.MARINA);
    }

    @Test
    void missingProgramsAreProblems() throws IOException {
        Accounts none = new Accounts(base.resolve("etc"), new Accounts.Self(0, 0, "/nowhere"), this::ldap);
        assertThatThrownBy(() -> account(none, "user: rails")).hasMessageContaining("needs setpriv");
        assertThatThrownBy(() -> account(none, "limits: { open_files: 9 }")).hasMessageContaining("needs prlimit");

        Path busybox = Path.of(tools("busybox"), "busybox");
        Path links = Files.createDirectories(base.resolve("links"));
        Files.createSymbolicLink(links.resolve("setpriv"), busybox);
        Accounts alpine = new Accounts(base.resolve("etc"), new Accounts.Self(0, 0, links.toString()), this::ldap);
        assertThatThrownBy(() -> account(alpine, "user: rails")).hasMessageContaining("apk add setpriv");
    }

    @Test
    void thisMachineKnowsWhoMarinaIs() {
        Accounts here = Accounts.ofThisMachine(System.getenv());

        assertThat(here.self().uid()).isEqualTo(CurrentUser.uid());
        assertThat(here.user("root").orElseThrow().uid()).isZero();
        assertThat(here.user("no-such-user-here")).isEmpty();
        assertThat(new Getent().line("passwd", "--help")).isEmpty();
    }

    private Optional<String> ldap(String database, String key) {
        asked.add(database + " " + key);
        return key.equals("ldapuser")
                ? Optional.of("ldapuser:*:70000:70001:L:/net/ldapuser:/bin/sh")
                : Optional.empty();
    }

    private Accounts root() {
        return new Accounts(base.resolve("etc"), new Accounts.Self(0, 0, tools("setpriv")), this::ldap);
    }

    private RunAs account(Accounts accounts, String keys) {
        instance.server("contexts: { /a: { command: run, " + keys + " } }");
        return load(accounts, "/a").process().account();
    }

    private ContextConfig load(Accounts accounts, String path) {
        ServerConfig config = new ConfigLoader(
                        instance.directories(), Map.of(), UnsupportedKeys.CURRENT, () -> accounts, ForeignFormat.NONE)
                .load(instance.path("conf/server.yml"));
        return Objects.requireNonNull(config.contexts().get(new ContextPath(path)));
    }

    private String tools(String program) {
        instance.file("tools/" + program, "");
        boolean unused = instance.path("tools/" + program).toFile().setExecutable(true);
        return instance.path("tools").toString();
    }
}
