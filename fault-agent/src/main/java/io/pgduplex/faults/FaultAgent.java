package io.pgduplex.faults;

import static net.bytebuddy.matcher.ElementMatchers.isAbstract;
import static net.bytebuddy.matcher.ElementMatchers.isBridge;
import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.namedOneOf;
import static net.bytebuddy.matcher.ElementMatchers.not;
import static net.bytebuddy.matcher.ElementMatchers.takesArgument;
import static net.bytebuddy.matcher.ElementMatchers.takesArguments;

import java.lang.instrument.Instrumentation;
import java.lang.management.ManagementFactory;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.ObjectName;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.DynamicType;
import net.bytebuddy.matcher.ElementMatcher;
import net.bytebuddy.utility.JavaModule;
import org.jspecify.annotations.Nullable;

/** Weaves the steps into the classes as the worker loads them. */
public final class FaultAgent {

  static final String BEAN = "io.pgduplex.faults:type=Faults";

  private static final String STATEMENTS = "org.postgresql.core.v3.QueryExecutorImpl";

  private FaultAgent() {}

  /** Called by the JVM before the worker's main. */
  public static void premain(@Nullable String arguments, Instrumentation instrumentation)
      throws JMException {
    ManagementFactory.getPlatformMBeanServer()
        .registerMBean(Faults.instance(), new ObjectName(BEAN));
    String[] types = Stream.concat(
            Stream.of(STATEMENTS), StepTable.STEPS.stream().map(Step::type))
        .distinct()
        .toArray(String[]::new);
    new AgentBuilder.Default()
        .disableClassFormatChanges()
        .with(new Listener())
        .type(namedOneOf(types))
        .transform((builder, type, loader, module, domain) -> woven(builder, type))
        .installOn(instrumentation);
  }

  private static DynamicType.Builder<?> woven(
      DynamicType.Builder<?> builder, TypeDescription type) {
    DynamicType.Builder<?> result = builder;
    for (Step step : StepTable.STEPS) {
      if (step.type().equals(type.getName())) {
        result = result.visit(Advice.withCustomMapping()
            .bind(StepName.class, step.name())
            .to(StepAdvice.class)
            .on(method(step)));
      }
    }
    if (type.getName().equals(STATEMENTS)) {
      result = result.visit(Advice.to(StatementAdvice.class)
          .on(named("execute")
              .and(takesArguments(7))
              .and(takesArgument(0, named("org.postgresql.core.Query")))));
    }
    return result;
  }

  private static ElementMatcher<MethodDescription> method(Step step) {
    ElementMatcher.Junction<MethodDescription> method =
        named(step.method()).and(not(isAbstract())).and(not(isBridge()));
    return step.parameters() < 0 ? method : method.and(takesArguments(step.parameters()));
  }

  private static final class Listener extends AgentBuilder.Listener.Adapter {
    @Override
    public void onError(
        String type,
        @Nullable ClassLoader loader,
        @Nullable JavaModule module,
        boolean loaded,
        Throwable failure) {
      Faults.instance().error(type + ": " + failure);
    }
  }
}
