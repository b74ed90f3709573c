package marina;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the table of packages in docs/architecture.md: who may use whom, and which library is used where. */
class ArchitectureTest {
    private static final int MOST_LINES = 300;

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("marina");

    /** Package to the packages of Marina that it may use; lowest first. */
    private static final Map<String, List<String>> MAY_USE = Map.ofEntries(
            Map.entry("tls", List.of()),
            Map.entry("config", List.of("tls")),
            Map.entry("navigator", List.of("config")),
            Map.entry("history", List.of("config")),
            Map.entry("acme", List.of("tls", "config")),
            Map.entry("process", List.of()),
            Map.entry("hook", List.of("config", "process")),
            Map.entry("backend", List.of("config", "process", "hook")),
            Map.entry("metrics", List.of()),
            Map.entry("connection", List.of()),
            Map.entry("proxy", List.of("metrics", "connection")),
            Map.entry("tracing", List.of("config", "metrics", "proxy")),
            Map.entry("machine", List.of("config")),
            Map.entry("database", List.of("config")),
            Map.entry("session", List.of("config")),
            Map.entry("leak", List.of()),
            Map.entry("user", List.of("config")),
            Map.entry("scan", List.of()),
            Map.entry("webapp", List.of("config", "database", "session", "leak", "user", "scan")),
            Map.entry("files", List.of()),
            Map.entry("export", List.of("config", "files")),
            Map.entry("cgi", List.of("process", "proxy")),
            Map.entry("login", List.of("config")),
            Map.entry("cable", List.of("config", "user")),
            Map.entry("vector", List.of()),
            Map.entry("access", List.of("config", "metrics", "proxy")),
            Map.entry("fleet", List.of("config")),
            Map.entry("upstream", List.of("config", "proxy", "login")),
            Map.entry("valve", List.of("config", "proxy", "files", "login", "user", "fleet")),
            Map.entry(
                    "context",
                    List.of(
                            "config",
                            "process",
                            "hook",
                            "backend",
                            "metrics",
                            "proxy",
                            "database",
                            "session",
                            "webapp",
                            "files",
                            "cgi",
                            "user",
                            "fleet",
                            "upstream",
                            "valve")),
            Map.entry(
                    "host",
                    List.of(
                            "config", "history", "process", "hook", "backend", "proxy", "session", "files", "valve",
                            "context")),
            Map.entry(
                    "server",
                    words(
                            "tls config acme process hook backend metrics proxy connection tracing machine navigator leak webapp"
                                    + " files cgi login cable vector access history session user fleet upstream valve context host")),
            Map.entry(
                    "rest",
                    List.of(
                            "config",
                            "history",
                            "hook",
                            "backend",
                            "metrics",
                            "machine",
                            "session",
                            "fleet",
                            "upstream",
                            "valve",
                            "context",
                            "host",
                            "server")),
            Map.entry("tomcat", List.of("config", "backend", "session", "context", "host", "server", "rest")),
            Map.entry("console", List.of("config", "login", "user", "host", "server", "rest", "tomcat")),
            Map.entry(
                    "admin",
                    List.of(
                            "config",
                            "history",
                            "database",
                            "user",
                            "export",
                            "navigator",
                            "context",
                            "host",
                            "server",
                            "rest",
                            "console")));

    /** Library to the packages of Marina that may use it. */
    private static final Map<String, List<String>> LIBRARIES = Map.ofEntries(
            Map.entry("org.snakeyaml..", List.of("config")),
            Map.entry("com.google.re2j..", List.of("config")),
            Map.entry("org.shredzone.acme4j..", List.of("acme")),
            Map.entry("io.nats..", List.of("cable")),
            Map.entry("io.prometheus..", List.of("metrics")),
            Map.entry("io.opentelemetry..", List.of("tracing")),
            Map.entry("com.sun.jna..", List.of("process", "server")),
            Map.entry("org.eclipse.jetty.client..", List.of("proxy", "login")),
            Map.entry("org.eclipse.jetty.security.openid..", List.of("login")),
            Map.entry("org.eclipse.jetty.proxy..", List.of("proxy")),
            Map.entry("com.zaxxer..", List.of("webapp")),
            Map.entry("org.xbill..", List.of("fleet")),
            Map.entry("org.sqlite..", List.of("database")),
            Map.entry("org.objectweb.asm..", List.of("scan", "webapp")),
            Map.entry("at.favre.lib..", List.of("user")),
            Map.entry("org.apache.commons.codec..", List.of("user")),
            Map.entry("com.github.benmanes.caffeine..", List.of("files", "login", "user", "valve")),
            Map.entry("picocli..", List.of("admin", "")),
            Map.entry("ch.qos.logback..", List.of("")));

    static Stream<String> packages() {
        return MAY_USE.keySet().stream();
    }

    static Stream<String> libraries() {
        return LIBRARIES.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("packages")
    void aPackageUsesOnlyWhatItsRowAllows(String name) {
        List<String> allowed = MAY_USE.getOrDefault(name, List.of());
        DescribedPredicate<JavaClass> forbidden =
                new DescribedPredicate<>("a package of Marina that " + name + " may not use") {
                    @Override
                    public boolean test(JavaClass used) {
                        String other = used.getPackageName();
                        return other.startsWith("marina")
                                && !other.equals("marina." + name)
                                && allowed.stream().noneMatch(home -> other.equals("marina." + home));
                    }
                };
        noClasses()
                .that()
                .resideInAPackage("marina." + name)
                .should()
                .dependOnClassesThat(forbidden)
                .check(CLASSES);
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void aLibraryIsUsedOnlyInItsHome(String library) {
        String[] homes = LIBRARIES.getOrDefault(library, List.of()).stream()
                .map(home -> home.isEmpty() ? "marina" : "marina." + home)
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideOutsideOfPackages(homes)
                .should()
                .dependOnClassesThat(resideInAnyPackage(library))
                .check(CLASSES);
    }

    @Test
    void theTableNamesEveryPackage() {
        List<String> found = CLASSES.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> name.startsWith("marina."))
                .map(name -> name.substring("marina.".length()))
                .distinct()
                .toList();
        assertThat(MAY_USE.keySet()).containsExactlyInAnyOrderElementsOf(found);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("marina.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void noHttpServerTypesBelowTheProxy() {
        noClasses()
                .that()
                .resideInAnyPackage("marina.config", "marina.process", "marina.hook", "marina.backend", "marina.fleet")
                .should()
                .dependOnClassesThat(resideInAnyPackage("org.eclipse.jetty.."))
                .check(CLASSES);
    }

    /** Where and how to log is read there; a logger made before that would be one without settings. */
    @Test
    void nobodyLogsBeforeTheConfigurationIsKnown() {
        noClasses()
                .that()
                .resideInAPackage("marina.config")
                .should()
                .dependOnClassesThat(resideInAnyPackage("org.slf4j.."))
                .check(CLASSES);
    }

    @Test
    void onlyMainEndsTheProgram() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("marina.Main")
                .should()
                .callMethod(System.class, "exit", int.class)
                .check(CLASSES);
    }

    @Test
    void nobodySleeps() {
        noClasses().should().callMethod(Thread.class, "sleep", long.class).check(CLASSES);
    }

    @Test
    void nothingStaticIsMutable() {
        fields().that()
                .areStatic()
                .and()
                .doNotHaveModifier(JavaModifier.SYNTHETIC)
                .should()
                .beFinal()
                .check(CLASSES);
    }

    @Test
    void noPackageIsADrawerForLeftovers() {
        classes()
                .should()
                .resideOutsideOfPackages("..util..", "..common..", "..constants..", "..model..", "..impl..")
                .check(CLASSES);
    }

    @Test
    void filesStayReadable() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src"))) {
            List<String> tooLong = files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> lines(file) > MOST_LINES)
                    .map(file -> file + ": " + lines(file) + " lines")
                    .toList();
            assertThat(tooLong).isEmpty();
        }
    }

    private static long lines(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static List<String> words(String text) {
        return List.of(text.split(" ", -1));
    }
}
