package io.pgduplex.faults;

import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** What is woven into the methods of the table. Its code is copied there, so it may only call public methods. */
final class StepAdvice {

  private StepAdvice() {}

  @Advice.OnMethodEnter
  static void before(@StepName String step, @Advice.This(optional = true) @Nullable Object self) {
    Faults.reached(step, " (before)", self);
  }

  @Advice.OnMethodExit
  static void after(@StepName String step, @Advice.This(optional = true) @Nullable Object self) {
    Faults.reached(step, " (after)", self);
  }
}
