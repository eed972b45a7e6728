package io.pgduplex.connect.common;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "io.pgduplex.connect.common",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule DOES_NO_IO = noClasses()
      .that()
      .resideOutsideOfPackage("..database..")
      .should()
      .dependOnClassesThat()
      .resideInAnyPackage("java.sql..", "java.net..", "org.postgresql..", "io.debezium..")
      .because(
          "common is the contract between the steps: values and names. Move I/O to the step that needs it.");
}
