package headgate.proxy;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * SIGHUP, by which an operator says that the configuration has changed.
 *
 * <p>Java has no public way to hear of signals, and the compiler takes the class that has one for a mistake that nothing can
 * excuse; so it is asked for by its name. Every Java platform with {@code jdk.unsupported} has it, which Netty needs too.
 */
final class HangUp {
    private HangUp() {}

    /** Has this run at each SIGHUP, on a thread of its own, instead of ending the program. */
    static void handle(Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            MethodHandle run = lookup.findVirtual(Runnable.class, "run", MethodType.methodType(void.class))
                    .bindTo(action);
            Object told = MethodHandleProxies.asInterfaceInstance(handler, MethodHandles.dropArguments(run, 0, signal));
            Object hup = lookup.findConstructor(signal, MethodType.methodType(void.class, String.class))
                    .invoke("HUP");
            lookup.findStatic(signal, "handle", MethodType.methodType(handler, signal, handler))
                    .invoke(hup, told);
        } catch (Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("SIGHUP cannot be heard on this platform", e);
        }
    }
}
