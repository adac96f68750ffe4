package io.sluice.launcher.process;

import io.sluice.core.lifecycle.ExitCode;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles the operating system's signals; no other class does. With our own handlers the JVM
 * neither runs shutdown hooks at SIGTERM nor exits with 143: the process ends after its shutdown
 * sequence, with its own status. Thread-safe: stateless; handlers run on a thread of the JVM.
 *
 * <p>{@code sun.misc.Signal} is the JDK's only way to see a second signal. It is available in the
 * module {@code jdk.unsupported}, but the compiler warns about each use and the warning cannot be
 * suppressed, so this class uses it by reflection.
 */
public final class Signals {

  private static final List<String> STOPPING = List.of("TERM", "INT", "HUP");

  private Signals() {}

  /**
   * Makes a stop signal end the process at once with status 0, until the process calls {@link
   * #stopOn}: nothing has begun yet. Must be called first in {@code main}.
   */
  public static void leaveAtOnce() {
    ignoreUserSignals();
    STOPPING.forEach(name -> handle(name, _ -> Runtime.getRuntime().halt(ExitCode.CLEAN.status())));
  }

  /** Makes SIGTERM, SIGINT and SIGHUP request a stop, and an immediate end if they are repeated. */
  public static void stopOn(StopRequest stop) {
    STOPPING.forEach(name -> handle(name, stop::signal));
  }

  /** Calls {@code then}, which must be brief, when the terminal's size changes. */
  public static void onResize(Runnable then) {
    handle("WINCH", _ -> then.run());
  }

  /**
   * In a supervised child, passes the first signal up and ignores the others: a signal to the
   * child, or to all processes of the crawl, requests a stop, and only the supervisor knows the
   * order in which processes stop. Must be called first in {@code main}.
   */
  public static void passUp() {
    ignoreUserSignals();
    AtomicBoolean passed = new AtomicBoolean();
    Consumer<String> pass =
        name -> {
          if (!passed.getAndSet(true)) {
            System.err.println(new Notice.Signalled(name).line());
          }
        };
    STOPPING.forEach(name -> handle(name, pass));
  }

  /**
   * Ignores SIGUSR1, which would end the process and has no meaning here. It is ignored rather than
   * handled because children inherit an ignored signal from the start. SIGUSR2 is harmless: the JVM
   * uses it.
   */
  private static void ignoreUserSignals() {
    try {
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      set("USR1", handler.getField("SIG_IGN").get(null));
    } catch (ReflectiveOperationException e) {
      cannotHandle("USR1", e);
    }
  }

  private static void handle(String name, Consumer<String> onSignal) {
    try {
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      InvocationHandler calls =
          (proxy, method, arguments) -> handled(name, onSignal, proxy, method);
      set(
          name,
          Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handler}, calls));
    } catch (ReflectiveOperationException e) {
      cannotHandle(name, e);
    }
  }

  private static void set(String name, @Nullable Object handler)
      throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    signal
        .getMethod("handle", signal, Class.forName("sun.misc.SignalHandler"))
        .invoke(null, signal.getConstructor(String.class).newInstance(name), handler);
  }

  /** Logs that a signal is unknown to this system, or reserved by the JVM (-Xrs). */
  private static void cannotHandle(String name, ReflectiveOperationException e) {
    // The logger is looked up here, since looking it up eagerly would dominate the time to the
    // first handler.
    Logger log = LoggerFactory.getLogger(Signals.class);
    log.warn("SIG{} cannot be handled: {}", name, e.toString());
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
