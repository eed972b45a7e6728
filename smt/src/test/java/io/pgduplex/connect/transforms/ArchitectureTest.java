package io.pgduplex.connect.transforms;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "io.pgduplex.connect.transforms",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule NEEDS_ONLY_THE_CONTRACT_AND_CONNECT = classes()
      .should()
      .onlyDependOnClassesThat()
      .resideInAnyPackage(
          "java.lang..",
          "java.util..",
          "org.apache.kafka.common.config..",
          "org.apache.kafka.connect..",
          "org.jspecify.annotations",
          "io.pgduplex.connect.common",
          "io.pgduplex.connect.transforms")
      .because("the transform is loaded beside any source connector: what it brings along, others"
          + " get too. Ask the record, not a database or a library.");
}
