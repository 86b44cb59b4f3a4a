package dev.dsg.standalone;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.engine.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds the modules, as they were built, to the order of dependencies in which they stand. */
final class ArchitectureTest {

    private static final Path ROOT = Path.of(System.getProperty("dsg.root"));

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "contracts, contracts,",
        "engine, engine,",
        "embedded, embedded,",
        "platform, platform, contracts",
        "generator-service, generator, contracts engine platform",
        "quantizer-service, quantizer, contracts engine platform",
        "evaluator-service, evaluator, contracts engine platform",
        "gateway-service, gateway, contracts platform",
        "standalone, standalone, contracts engine platform embedded"
    })
    void shouldDependOnlyOnWhatStandsBefore(String module, String own, String before) {
        // Given
        var allowed = (own + " " + (before == null ? "" : before)).strip().split(" ");
        for (var i = 0; i < allowed.length; i++) {
            allowed[i] = "dev.dsg." + allowed[i] + "..";
        }
        var forbidden = resideInAPackage("dev.dsg..")
                .and(DescribedPredicate.not(resideInAnyPackage(allowed)))
                .as("of modules that do not stand before it");

        // When / Then
        var built = built(module);
        noClasses().should().dependOnClassesThat(forbidden).check(built);
        classes().should().resideInAPackage("dev.dsg." + own + "..").check(built);
    }

    @Test
    void shouldKeepContractsFreeOfFrameworks() {
        classes()
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage("dev.dsg.contracts..", "java..", "com.fasterxml.jackson.annotation.."))
                .check(built("contracts"));
    }

    @Test
    void shouldKeepTransportOutOfTheEngine() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.apache.kafka..", "com.fasterxml.jackson..", "jakarta..", "io.quarkus..", "io.minio..")
                .check(built("engine"));
    }

    @ParameterizedTest
    @EnumSource
    void shouldHaveACodeForWhateverTheEngineRefuses(EngineException.Kind kind) {
        assertThat(ErrorCode.valueOf(kind.code()).retryable()).isFalse();
    }

    @Test
    void shouldTouchTheBrokersInternalsInOneModuleOnly() {
        var internals = DescribedPredicate.<JavaClass>describe(
                "internals of the broker",
                type -> type.getPackageName().startsWith("kafka.")
                        || type.getPackageName().startsWith("org.apache.kafka.metadata"));
        for (var module : Set.of(
                "platform",
                "generator-service",
                "quantizer-service",
                "evaluator-service",
                "gateway-service",
                "standalone")) {
            noClasses().should().dependOnClassesThat(internals).check(built(module));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "contracts",
                "engine",
                "embedded",
                "platform",
                "generator-service",
                "quantizer-service",
                "evaluator-service",
                "gateway-service",
                "standalone"
            })
    void shouldSayOfEveryPackageWhatItIsFor(String module) throws IOException {
        // Given
        var sources = ROOT.resolve(module).resolve("src/main/java");
        Set<Path> packages;
        try (var files = Files.walk(sources)) {
            packages = files.filter(file -> file.toString().endsWith(".java"))
                    .map(Path::getParent)
                    .collect(Collectors.toSet());
        }

        // When / Then
        assertThat(packages).isNotEmpty().allSatisfy(folder -> {
            assertThat(folder.resolve("package-info.java")).exists();
            assertThat(folder.getFileName().toString())
                    .isNotIn("util", "utils", "common", "impl", "helper", "manager", "dto");
        });
    }

    private static JavaClasses built(String module) {
        var classes = new ClassFileImporter().importPath(ROOT.resolve(module).resolve("target/classes"));
        assertThat(classes).as("classes of " + module).isNotEmpty();
        return classes;
    }
}
