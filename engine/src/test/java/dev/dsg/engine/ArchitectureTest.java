package dev.dsg.engine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.dsg.engine.tensor.Tensor;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private static final String ENGINE = "dev.dsg.engine";
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ENGINE);

    @Test
    void shouldLookAtTheEngine() {
        assertThat(CLASSES.contain(Tensor.class)).isTrue();
        assertThat(CLASSES.size()).isGreaterThan(30);
    }

    @Test
    void shouldTouchTheNativeLibraryOnlyInTensor() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ENGINE + ".tensor")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("ai.djl..")
                .because("DJL returns wrong gradients for Java numbers, and only this package knows how to avoid it")
                .check(CLASSES);
    }

    @Test
    void shouldKnowNeitherTransportNorContainer() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.apache.kafka..",
                        "jakarta..",
                        "javax.inject..",
                        "javax.enterprise..",
                        "com.fasterxml..",
                        "tools.jackson..",
                        "io.quarkus..",
                        "io.smallrye..",
                        "org.eclipse.microprofile..",
                        "io.minio..")
                .check(CLASSES);
    }

    @Test
    void shouldHaveNoCyclesBetweenPackages() {
        slices().matching(ENGINE + ".(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void shouldBuildOnTensorAndGraph() {
        for (String base : new String[] {"tensor", "graph"}) {
            classes()
                    .that()
                    .resideInAPackage(ENGINE + "." + base)
                    .should()
                    .onlyDependOnClassesThat(notOurs().or(in(ENGINE)).or(in(ENGINE + "." + base)))
                    .check(CLASSES);
        }
    }

    @Test
    void shouldShareOnlyTheErrorAndTheProgressListener() {
        classes()
                .that()
                .resideInAPackage(ENGINE)
                .should()
                .onlyDependOnClassesThat(notOurs().or(in(ENGINE)))
                .check(CLASSES);
    }

    private static DescribedPredicate<JavaClass> notOurs() {
        return DescribedPredicate.describe(
                "not of this project", c -> !c.getPackageName().startsWith("dev.dsg"));
    }

    private static DescribedPredicate<JavaClass> in(String packageName) {
        return DescribedPredicate.describe(
                "in " + packageName, c -> c.getPackageName().equals(packageName));
    }
}
