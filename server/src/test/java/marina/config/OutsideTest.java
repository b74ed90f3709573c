package marina.config;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** What a context has asked of the disk is asked again at the next load, or else the context is read again. */
class OutsideTest {
    private static final String ASK_THEMSELVES = "Outside|SettingsFiles|FileStamp";

    /** By {@link Outside#somethingElse}. */
    private static final String SAY_SO = "AuthReader|LoginReader|ProcessReader|UsersFile";

    private static final String ASK_AT_EACH_LOAD = "Accounts|WebReader|WebXmlCheck|WebappsScanner";

    @Test
    void nobodyElseWhoReadsTheConfigurationAsksTheDiskHimself() {
        noClasses()
                .that()
                .resideInAPackage("marina.config")
                .and()
                .haveNameNotMatching(
                        "marina\\.config\\.(" + ASK_THEMSELVES + "|" + SAY_SO + "|" + ASK_AT_EACH_LOAD + ")(\\$.*)?")
                .should()
                .accessClassesThat()
                .areAssignableTo(Files.class)
                .check(new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("marina.config"));
    }
}
