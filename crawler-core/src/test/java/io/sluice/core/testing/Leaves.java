package io.sluice.core.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares the resources that a test class may leave behind because a library keeps them for the
 * life of the JVM and has no way to close them. {@link NoLeaks} tolerates these and reports all
 * others.
 */
@Target({ElementType.TYPE, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface Leaves {

  /** Regular expressions, each for a whole line as {@link NoLeaks} would write it. */
  String[] value();
}
