package io.sluice.launcher.process;

import io.sluice.core.lifecycle.ExitCode;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operating system's signals, the one place that handles them. With a handler of our own the
 * JVM runs no shutdown hooks at SIGTERM and does not exit 143: the process ends when its sequence
 * does, with its own status. Thread-safe: stateless; handlers run on a thread of the JVM's.
 *
 * <p>{@code sun.misc.Signal} is the JDK's only way to see a second signal. It is supported ({@code
 * jdk.unsupported}) but the compiler warns of each mention, which nothing can suppress; so it is
 * reached by reflection, here and nowhere else.
 */
public final class Signals {

  private static final List<String> STOPPING = List.of("TERM", "INT", "HUP");
  private static final List<String> TERMINAL = List.of("INT", "HUP");

  private Signals() {}

  /**
   * Until the process listens for itself, by one of the calls below, a signal that would stop it
   * ends it at once with status 0: nothing has begun. To be called first thing in {@code main}.
   *
   * @param supervised whether what a terminal sends is the supervisor's affair
   */
  public static void leaveAtOnce(boolean supervised) {
    Consumer<String> leave = _ -> Runtime.getRuntime().halt(ExitCode.CLEAN.status());
    TERMINAL.forEach(name -> handle(name, supervised ? _ -> {} : leave));
    handle("TERM", leave);
  }

  /** Each SIGTERM, SIGINT and SIGHUP insists on {@code stop}. */
  public static void stopOn(StopRequest stop) {
    STOPPING.forEach(name -> handle(name, stop::insist));
  }

  /**
   * Only SIGTERM insists on {@code stop}: what a terminal sends to all of its processes at once is
   * the supervisor's affair.
   */
  public static void stopOnTermOnly(StopRequest stop) {
    TERMINAL.forEach(name -> handle(name, ignored -> {}));
    handle("TERM", stop::insist);
  }

  private static void handle(String name, Consumer<String> onSignal) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      InvocationHandler calls =
          (proxy, method, arguments) -> handled(name, onSignal, proxy, method);
      Object proxy =
          Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handler}, calls);
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
    } catch (ReflectiveOperationException e) {
      // A signal that this system does not know, or that the JVM keeps for itself (-Xrs).
      // The logger is looked up here: it would take longer than all that comes before a signal.
      Logger log = LoggerFactory.getLogger(Signals.class);
      log.warn("SIG{} cannot be handled: {}", name, e.toString());
    }
  }

  private static Object handled(
      String name, Consumer<String> onSignal, Object proxy, Method method) {
    return switch (method.getName()) {
      case "handle" -> {
        onSignal.accept("sig" + name.toLowerCase(Locale.ROOT));
        yield proxy;
      }
      case "hashCode" -> System.identityHashCode(proxy);
      case "equals" -> false;
      default -> "signal handler of SIG" + name;
    };
  }
}
