package io.sluice.it;

import io.sluice.core.testing.Leaves;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.testcontainers.DockerClientFactory;

/**
 * A test that needs a Docker engine. Without one it is skipped, aloud; with {@code
 * -Dsluice.docker=required} it runs and fails.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("docker")
@ExtendWith(RequiresDocker.Condition.class)
// The client of the engine keeps its connections, and its waiting threads, until the JVM ends.
@Leaves({"thread testcontainers-.*", "descriptor \\d+ socket:.*"})
@interface RequiresDocker {

  /** Looks for the engine. */
  final class Condition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      if ("required".equals(System.getProperty("sluice.docker"))) {
        return ConditionEvaluationResult.enabled("Docker is required");
      }
      if (DockerClientFactory.instance().isDockerAvailable()) {
        return ConditionEvaluationResult.enabled("Docker is there");
      }
      String why = "SKIPPED, no Docker engine: " + context.getDisplayName();
      System.out.println(why);
      return ConditionEvaluationResult.disabled(why);
    }
  }
}
