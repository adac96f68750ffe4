package io.sluice.parser.rules;

import com.jayway.jsonpath.spi.json.JsonSmartJsonProvider;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Checks the time limit whenever a JSON path enters an object or a list. */
final class TimedJson extends JsonSmartJsonProvider {

  private final RuleTime time;

  TimedJson(RuleTime time) {
    this.time = time;
  }

  @Override
  public boolean isMap(@Nullable Object value) {
    time.check();
    return super.isMap(value);
  }

  @Override
  public Collection<String> getPropertyKeys(Object object) {
    time.check();
    return super.getPropertyKeys(object);
  }

  @Override
  public @Nullable Object getArrayIndex(Object list, int index) {
    time.check();
    return super.getArrayIndex(list, index);
  }
}
