package io.pgduplex.connect.source;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "io.pgduplex.connect.source",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule HAS_NO_CYCLES = slices()
      .matching("io.pgduplex.connect.source.(*)..")
      .should()
      .beFreeOfCycles()
      .because("the steps follow each other. Move what both need into the earlier one.");

  @ArchTest
  static final ArchRule PURE_STEPS_DO_NO_IO = noClasses()
      .that()
      .resideInAnyPackage("..options..", "..position..")
      .should()
      .dependOnClassesThat()
      .resideInAnyPackage("java.sql..", "java.net..")
      .because("options and positions are values. Do the I/O in prepare or capture.");

  @ArchTest
  static final ArchRule ONLY_CAPTURE_RUNS_DEBEZIUM = noClasses()
      .that()
      .resideOutsideOfPackage("..capture..")
      .should()
      .dependOnClassesThat()
      .haveSimpleName("PostgresConnectorTask")
      .because("a second runner would restart Debezium without a new epoch. Use Capture.");
}
