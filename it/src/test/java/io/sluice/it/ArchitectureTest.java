package io.sluice.it;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds the house as docs/architecture.md draws it. */
class ArchitectureTest {

  private static final JavaClasses SLUICE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("-tests.jar"))
          .withImportOption(location -> !location.contains("/bench/"))
          .importPackages("io.sluice");

  @ParameterizedTest
  @ValueSource(strings = {"core", "frontier", "fetcher", "parser", "launcher"})
  void everyModuleWasLookedAt(String module) {
    assertThat(SLUICE)
        .filteredOn(type -> type.getPackageName().startsWith("io.sluice." + module))
        .hasSizeGreaterThan(10);
  }

  @Test
  void importsPointOneWay() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("launcher")
        .definedBy("io.sluice.launcher..")
        .layer("frontier")
        .definedBy("io.sluice.frontier..")
        .layer("fetcher")
        .definedBy("io.sluice.fetcher..")
        .layer("parser")
        .definedBy("io.sluice.parser..")
        .layer("core")
        .definedBy("io.sluice.core..")
        .whereLayer("launcher")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("frontier")
        .mayOnlyBeAccessedByLayers("launcher")
        .whereLayer("fetcher")
        .mayOnlyBeAccessedByLayers("launcher")
        .whereLayer("parser")
        .mayOnlyBeAccessedByLayers("launcher")
        .check(SLUICE);
  }

  @Test
  void packagesOfAModuleHaveNoCycles() {
    slices().matching("io.sluice.(*.*)..").should().beFreeOfCycles().check(SLUICE);
  }

  @Test
  void lettuceStaysBehindCoreRedis() {
    onlyIn("io.lettuce..", "io.sluice.core.redis..");
  }

  @Test
  void jsoupAndTheWarcLibraryStayInTheParser() {
    onlyIn("org.jsoup..", "io.sluice.parser..");
    onlyIn("org.netpreserve..", "io.sluice.parser..");
  }

  @Test
  void nettysHttpAndDnsStayInTheFetcher() {
    onlyIn("io.netty.handler..", "io.sluice.fetcher..");
    onlyIn("io.netty.resolver..", "io.sluice.fetcher..");
  }

  @Test
  void theLoggingImplementationStaysInTheLauncher() {
    onlyIn("ch.qos.logback..", "io.sluice.launcher..");
  }

  @Test
  void theCommandLineLibraryStaysInTheLauncher() {
    onlyIn("picocli..", "io.sluice.launcher..");
  }

  @Test
  void nothingIsCalledAfterNothing() {
    noClasses()
        .should()
        .resideInAnyPackage("..util..", "..common..", "..impl..", "..manager..", "..helper..")
        .check(SLUICE);
  }

  @Test
  void noStateIsGlobal() {
    com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields()
        .that()
        .areStatic()
        .and()
        .doNotHaveModifier(JavaModifier.SYNTHETIC)
        .should()
        .beFinal()
        .check(SLUICE);
  }

  @Test
  void onlyTheLauncherEndsTheProcess() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.sluice.launcher..")
        .should()
        .callMethod(System.class, "exit", int.class)
        .check(SLUICE);
  }

  /** Kill points are armed by a system property, so nothing that runs may set those at will. */
  @Test
  void onlyTheAdminPortSetsSystemPropertiesAndThoseOfItsServer() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.sluice.core.metrics..")
        .should()
        .callMethod(System.class, "setProperty", String.class, String.class)
        .check(SLUICE);
  }

  @Test
  void everyPackageIsNullMarked() {
    classes()
        .that()
        .haveSimpleName("package-info")
        .should()
        .beAnnotatedWith(org.jspecify.annotations.NullMarked.class)
        .check(SLUICE);
    assertThat(SLUICE)
        .allSatisfy(
            type ->
                assertThat(SLUICE.contain(type.getPackageName() + ".package-info"))
                    .as("package-info of %s", type.getPackageName())
                    .isTrue());
  }

  private static void onlyIn(String library, String room) {
    noClasses()
        .that()
        .resideOutsideOfPackage(room)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .check(SLUICE);
  }
}
