package dev.toygres.orchestrations;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.toygres.durable.Flow;
import dev.toygres.store.Catalogue;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

/**
 * The floors of the house, and what a flow must not do. A flow runs from the top on every resume:
 * what it reads by itself may be another thing the second time.
 */
class ArchitectureTest {
    /** It reads the catalogue, in a step whose body is a method of its own. */
    private static final String WITH_A_STEP_OF_ITS_OWN = "ImportBackups";

    private static final JavaClasses HOUSE =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("dev.toygres");

    @Test
    void theModelKnowsNobody() {
        noClasses()
                .that()
                .resideInAPackage("dev.toygres.model..")
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages(
                        "java..", "javax.crypto..", "org.jspecify..", "dev.toygres.model..")
                .check(HOUSE);
    }

    @Test
    void durableKnowsNothingOfPostgresServers() {
        noClasses()
                .that()
                .resideInAPackage("dev.toygres.durable..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.toygres.model..",
                        "dev.toygres.store..",
                        "dev.toygres.agentapi..",
                        "dev.toygres.orchestrations..")
                .check(HOUSE);
    }

    @Test
    void nobodyCallsUp() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.toygres.store..", "dev.toygres.agentapi..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.toygres.orchestrations..")
                .check(HOUSE);
    }

    @Test
    void aFlowHasNeitherClockNorRandomNorCatalogue() {
        for (Class<?> source :
                new Class<?>[] {
                    InstantSource.class,
                    Clock.class,
                    RandomGenerator.class,
                    Catalogue.class,
                    Jdbi.class,
                    DataSource.class
                }) {
            noFields()
                    .that()
                    .areDeclaredInClassesThat()
                    .implement(Flow.class)
                    .and()
                    .areDeclaredInClassesThat()
                    .doNotHaveSimpleName(WITH_A_STEP_OF_ITS_OWN)
                    .should()
                    .haveRawType(
                            com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo(
                                    source))
                    .check(HOUSE);
        }
    }

    @Test
    void aFlowAsksForNothingOutsideOfItsSteps() {
        noClasses()
                .that()
                .implement(Flow.class)
                .and()
                .doNotHaveSimpleName(WITH_A_STEP_OF_ITS_OWN)
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(UUID.class, "randomUUID")
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .callMethod(Catalogue.class, "jdbi")
                .check(HOUSE);
    }
}
