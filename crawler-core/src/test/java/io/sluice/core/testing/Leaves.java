package io.sluice.core.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A test class may leave behind what other people's code keeps for the life of the JVM and has no
 * way to close. {@link NoLeaks} says nothing of it; of all else it does.
 */
@Target({ElementType.TYPE, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface Leaves {

  /** What, as {@link NoLeaks} would write it: regular expressions, each for a whole line. */
  String[] value();
}
