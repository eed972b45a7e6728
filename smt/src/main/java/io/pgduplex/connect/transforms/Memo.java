package io.pgduplex.connect.transforms;

import java.util.Map;
import java.util.function.Function;

/**
 * Remembers answers of a pure function, a bounded number of them: when full it forgets all and starts again, since
 * what is asked often comes back at once. For one thread, as a transform is.
 */
final class Memo<K, V> {

  private final Map<K, V> answers;
  private final int limit;
  private final Function<K, V> function;

  /** @param answers an empty map, which decides what counts as the same question */
  Memo(Map<K, V> answers, int limit, Function<K, V> function) {
    this.answers = answers;
    this.limit = limit;
    this.function = function;
  }

  V get(K question) {
    V known = answers.get(question);
    if (known != null) {
      return known;
    }
    if (answers.size() >= limit) {
      answers.clear();
    }
    V answer = function.apply(question);
    answers.put(question, answer);
    return answer;
  }
}
