package io.pgduplex.faults;

import net.bytebuddy.asm.Advice;

/** What is woven into the driver where all statements go through. */
final class StatementAdvice {

  private StatementAdvice() {}

  @Advice.OnMethodEnter
  static void before(@Advice.This Object executor, @Advice.Argument(0) Object query) {
    Faults.executes(query, " (before)", executor);
  }

  @Advice.OnMethodExit
  static void after(@Advice.This Object executor, @Advice.Argument(0) Object query) {
    Faults.executes(query, " (after)", executor);
  }
}
