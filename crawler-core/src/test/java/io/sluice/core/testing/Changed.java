package io.sluice.core.testing;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A copy of a record in which some components have other values. Tests change the sections of a
 * config with it, so that a new key has its default in every test. Confined to one thread.
 *
 * @param <R> the type of the record
 */
public final class Changed<R extends Record> {

  private final R record;
  private final Map<String, @Nullable Object> values = new LinkedHashMap<>();

  private Changed(R record) {
    this.record = record;
  }

  /** Starts a copy, which is equal to the record so far. */
  public static <R extends Record> Changed<R> copyOf(R record) {
    return new Changed<>(record);
  }

  /** Sets the value of the component with the given name. */
  public Changed<R> with(String component, @Nullable Object value) {
    values.put(component, value);
    return this;
  }

  /**
   * The copy.
   *
   * @throws IllegalArgumentException if the record has no component of a name that was set
   */
  public R record() {
    RecordComponent[] components = record.getClass().getRecordComponents();
    Map<String, @Nullable Object> left = new LinkedHashMap<>(values);
    Object[] all = new Object[components.length];
    try {
      for (int i = 0; i < components.length; i++) {
        String name = components[i].getName();
        all[i] =
            left.containsKey(name) ? left.remove(name) : components[i].getAccessor().invoke(record);
      }
      if (!left.isEmpty()) {
        throw new IllegalArgumentException(record.getClass() + " has no " + left.keySet());
      }
      Class<?>[] types =
          Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
      @SuppressWarnings("unchecked")
      R copy = (R) record.getClass().getDeclaredConstructor(types).newInstance(all);
      return copy;
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(record.getClass() + " refuses " + values, e);
    }
  }
}
