package io.pgduplex.connect.sink;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ServiceLoader;
import org.apache.kafka.connect.sink.SinkConnector;

@AnalyzeClasses(
    packages = "io.pgduplex.connect.sink",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  private static final String SINK = "io.pgduplex.connect.sink";

  @ArchTest
  static final ArchRule HAS_NO_CYCLES = slices()
      .matching(SINK + ".(*)..")
      .should()
      .beFreeOfCycles()
      .because("the packages are steps of one way. Move what both need to the earlier step.");

  @ArchTest
  static final ArchRule ONLY_TABLE_AND_APPLY_KNOW_A_DATABASE = noClasses()
      .that()
      .resideInAPackage(SINK + "..")
      .and()
      .resideOutsideOfPackages(
          SINK + ".table..", SINK + ".apply..", SINK + ".error..", SINK + ".resolve..")
      .should()
      .dependOnClassesThat()
      .resideInAnyPackage("java.sql..", "org.postgresql..")
      .because("decoding, planning and SQL building are pure. Move I/O to 'table' or 'apply'.");

  @ArchTest
  static final ArchRule ERRORS_AND_CONFLICTS_KNOW_ONLY_THE_EXCEPTION = noClasses()
      .that()
      .resideInAnyPackage(SINK + ".error..", SINK + ".resolve..")
      .should()
      .dependOnClassesThat()
      .haveNameMatching("java\\.sql\\.(?!SQLException).*|org\\.postgresql\\..*")
      .because(
          "an error is classed by what it says, and conflicts are resolved over rows of any kind.");

  @ArchTest
  static final ArchRule THE_STEPS_KNOW_NEITHER_TASK_NOR_CONFIGURATION = noClasses()
      .that()
      .resideInAnyPackage(
          SINK + ".record..",
          SINK + ".transaction..",
          SINK + ".table..",
          SINK + ".plan..",
          SINK + ".statement..",
          SINK + ".conflict..",
          SINK + ".resolve..")
      .should()
      .dependOnClassesThat()
      .resideInAnyPackage(SINK, SINK + ".config..", SINK + ".apply..", SINK + ".error..")
      .because("values go from step to step. Pass the value that is needed.");

  @ArchTest
  static final ArchRule EARLY_STEPS_KNOW_NO_LATER_ONE = noClasses()
      .that()
      .resideInAnyPackage(SINK + ".record..", SINK + ".transaction..")
      .should()
      .dependOnClassesThat()
      .resideInAnyPackage(SINK + ".table..", SINK + ".plan..", SINK + ".statement..")
      .because("what a transaction is does not depend on the target's tables.");

  @ArchTest
  static final ArchRule PURE_STEPS_KEEP_NO_TIME_AND_NO_LOG = noClasses()
      .that()
      .resideInAnyPackage(
          SINK + ".record..",
          SINK + ".transaction..",
          SINK + ".plan..",
          SINK + ".statement..",
          SINK + ".resolve..")
      .should()
      .dependOnClassesThat()
      .resideInAnyPackage(
          "org.slf4j..", "java.time..", "java.io..", "java.net..", "java.util.concurrent..")
      .because("they are functions of what they are given.");

  @ArchTest
  static void isRegisteredAsAPlugin(JavaClasses ignored) {
    assertThat(ServiceLoader.load(SinkConnector.class))
        .extracting(Object::getClass)
        .extracting(Class::getName)
        .as("META-INF/services/" + SinkConnector.class.getName())
        .contains(PostgresDuplexSinkConnector.class.getName());
  }
}
