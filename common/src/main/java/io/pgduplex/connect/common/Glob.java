package io.pgduplex.connect.common;

import java.util.regex.Pattern;

/** A pattern in which {@code *} stands for any run of characters, {@code ?} for exactly one, all else for itself. */
public final class Glob {

  private final Pattern pattern;

  public Glob(String glob) {
    StringBuilder regex = new StringBuilder();
    glob.codePoints().forEach(c -> {
      switch (c) {
        case '*' -> regex.append(".*");
        case '?' -> regex.append('.');
        default -> regex.append(Pattern.quote(Character.toString(c)));
      }
    });
    this.pattern = Pattern.compile(regex.toString(), Pattern.DOTALL);
  }

  /** Whether the whole of {@code text} fits. */
  public boolean matches(String text) {
    return pattern.matcher(text).matches();
  }
}
