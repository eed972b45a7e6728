package io.pgduplex.connect.source.options;

/**
 * Something that is wrong with a configuration, or with the database that it names.
 *
 * @param option the option whose change, or whose target's change, would mend it
 * @param message what is wrong and what to do
 */
public record Problem(String option, String message) {

  @Override
  public String toString() {
    return option + ": " + message;
  }
}
