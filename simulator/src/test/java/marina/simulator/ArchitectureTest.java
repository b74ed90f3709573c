package marina.simulator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The simulator shares nothing with the server, its packages have an order, and its files are short. */
class ArchitectureTest {

    private static final int MOST_LINES = 300;

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("marina");

    @Test
    void nothingOfTheServerIsUsed() {
        noClasses()
                .should()
                .dependOnClassesThat(new DescribedPredicate<>("belong to the server") {
                    @Override
                    public boolean test(JavaClass used) {
                        return used.getPackageName().matches("marina(\\.(?!simulator).*)?");
                    }
                })
                .check(CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("marina.simulator.(*)..").should().beFreeOfCycles().check(CLASSES);
        noClasses()
                .that()
                .resideInAnyPackage(
                        "marina.simulator.topology..", "marina.simulator.journal..", "marina.simulator.machine..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "marina.simulator.edge..",
                        "marina.simulator.dns..",
                        "marina.simulator.api..",
                        "marina.simulator.control..")
                .check(CLASSES);
    }

    @Test
    void filesAreShort() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src"))) {
            List<Path> sources = files.filter(file -> file.toString().matches(".*\\.(java|js|css|html)"))
                    .toList();
            assertThat(sources).isNotEmpty().allSatisfy(file -> assertThat(Files.readAllLines(file))
                    .as(file.toString())
                    .hasSizeLessThanOrEqualTo(MOST_LINES));
        }
    }
}
