package io.sluice.it;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A test that needs a Docker engine and images. Without them it is skipped, with a message and
 * within seconds; with {@code -Dsluice.docker=required} it is run nevertheless and fails.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("docker")
@ExtendWith(RequiresDocker.Condition.class)
@interface RequiresDocker {

  /** The images that the test runs or builds on. */
  String[] images();

  /** Whether the test builds an image, which needs the network. */
  boolean builds() default false;

  /** Checks for the engine and the images. */
  final class Condition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      if ("required".equals(System.getProperty("sluice.docker"))) {
        return ConditionEvaluationResult.enabled("Docker is required");
      }
      RequiresDocker needs = context.getRequiredTestClass().getAnnotation(RequiresDocker.class);
      Optional<String> lack = new Docker().lacks(List.of(needs.images()), needs.builds());
      if (lack.isEmpty()) {
        return ConditionEvaluationResult.enabled("Docker is there");
      }
      String why = "SKIPPED, " + lack.get() + ": " + context.getDisplayName();
      System.out.println(why);
      return ConditionEvaluationResult.disabled(why);
    }
  }
}
