package io.sluice.it;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.core.domain.properties.HasOwner;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks the architecture that docs/architecture.md describes. */
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
  void lettuceStaysBehindTheRoomsOfRedis() {
    onlyIn("io.lettuce..", "io.sluice.core.redis..", "io.sluice.core.stream..");
  }

  @Test
  void theHandoverAndTheServerRestOnConnectionsAndNeverTheOtherWayRound() {
    noClasses()
        .that()
        .resideInAPackage("io.sluice.core.redis")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.sluice.core.stream..", "io.sluice.core.redis.server..")
        .check(SLUICE);
    noClasses()
        .that()
        .resideInAPackage("io.sluice.core.redis.server..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.sluice.core.stream..")
        .check(SLUICE);
  }

  /** A shard's files can be read, checked and repaired by code that knows no running shard. */
  @Test
  void whatSurvivesARestartDoesNotNeedTheRunningShard() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "io.sluice.frontier.state..",
            "io.sluice.frontier.inspect..",
            "io.sluice.frontier.repair..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.sluice.frontier.shard..",
            "io.sluice.frontier.credit..",
            "io.sluice.frontier.governor..")
        .check(SLUICE);
  }

  @Test
  void whatACrawlDoesNeverUsesTheRoomsOfTools() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "io.sluice.frontier.state..",
            "io.sluice.frontier.shard..",
            "io.sluice.frontier.credit..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.sluice.frontier.inspect..", "io.sluice.frontier.repair..")
        .check(SLUICE);
  }

  @Test
  void jsoupAndTheWarcLibraryStayInTheParser() {
    onlyIn("org.jsoup..", "io.sluice.parser..");
    onlyIn("org.netpreserve..", "io.sluice.parser..");
  }

  @Test
  void nettysHttpAndDnsStayInTheFetcher() {
    onlyIn("io.netty.handler..", "io.sluice.fetcher..");
    onlyIn("io.netty.resolver.dns..", "io.sluice.fetcher..");
  }

  @Test
  void theLoggingImplementationStaysInTheLauncher() {
    onlyIn("ch.qos.logback..", "io.sluice.launcher..");
  }

  @Test
  void theCommandLineLibraryStaysInTheLauncher() {
    onlyIn("picocli..", "io.sluice.launcher..");
  }

  /**
   * Every request leaves the process in one way: a pass creates a leave, a request contains one,
   * the client uses it up, and no other class creates an exchange, a connection or a socket.
   */
  @Test
  void everyRequestPassesTheGate() {
    onlyMadeIn("io.sluice.fetcher.gate.Pass", "io.sluice.fetcher.gate.Gate");
    onlyMadeIn("io.sluice.fetcher.gate.Leave", "io.sluice.fetcher.gate.Pass");
    onlyMadeIn(
        "io.sluice.fetcher.http.HttpRequest",
        "io.sluice.fetcher.CrawlLoop",
        "io.sluice.fetcher.robots.RobotsFetch");
    onlyMadeIn("io.sluice.fetcher.http.Exchange", "io.sluice.fetcher.http.HttpClient");
    onlyMadeIn("io.sluice.fetcher.http.Dial", "io.sluice.fetcher.http.ConnectionPool");
    onlyMadeIn("io.sluice.fetcher.http.HttpConnection", "io.sluice.fetcher.http.Dial");
    classes()
        .that()
        .haveFullyQualifiedName("io.sluice.fetcher.http.HttpRequest")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("io.sluice.fetcher.gate.Leave")
        .check(SLUICE);
    noClasses()
        .that()
        .resideInAPackage("io.sluice.fetcher..")
        .and()
        .areNotAssignableTo("javax.net.ssl.X509ExtendedTrustManager") // judges a socket
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.net.Socket")
        .orShould()
        .dependOnClassesThat()
        .resideInAPackage("java.net.http..")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.net.URLConnection")
        .check(SLUICE);
  }

  private static void onlyMadeIn(String type, String... makers) {
    noClasses()
        .that(DescribedPredicate.not(areOf(makers)))
        .should()
        .callConstructorWhere(
            JavaCall.Predicates.target(
                HasOwner.Predicates.With.owner(HasName.Predicates.name(type))))
        .check(SLUICE);
  }

  private static DescribedPredicate<JavaClass> areOf(String... makers) {
    return DescribedPredicate.describe(
        "are " + List.of(makers),
        made -> List.of(makers).stream().anyMatch(maker -> made.getName().startsWith(maker)));
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

  /**
   * Kill points are armed by a system property, so production code may set only the one for the
   * temporary directory.
   */
  @Test
  void onlyTheTemporaryDirectoryIsSetAsASystemProperty() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("io.sluice.launcher.process.TempDirectory")
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

  private static void onlyIn(String library, String... rooms) {
    noClasses()
        .that()
        .resideOutsideOfPackages(rooms)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .check(SLUICE);
  }
}
