package io.pgduplex.faults;

/** The exception that no code expects. */
final class InjectedFault extends RuntimeException {

  private static final long serialVersionUID = 1;

  InjectedFault(String message) {
    super(message);
  }
}
