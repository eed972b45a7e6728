package io.pgduplex.stack;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "io.pgduplex.stack",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule PROCESSES_NEED_NO_TESTCONTAINERS = noClasses()
      .that()
      .haveSimpleNameNotContaining("Container")
      .should()
      .dependOnClassesThat()
      .resideInAnyPackage("org.testcontainers..", "com.github.dockerjava..")
      .because("the default stack runs without those jars: keep them behind ContainerServers.");

  @ArchTest
  static final ArchRule SERVERS_ARE_REACHED_AS_FROM_OUTSIDE = noClasses()
      .should()
      .dependOnClassesThat()
      .resideInAnyPackage("org.apache.kafka..", "io.pgduplex.connect..", "io.debezium..")
      .because("Kafka and the plugins run in processes of their own, on a class path of their own:"
          + " talk to them through their protocols.");
}
