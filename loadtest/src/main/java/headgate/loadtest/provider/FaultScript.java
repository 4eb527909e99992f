package headgate.loadtest.provider;

import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Decides which fault this call meets, where not all calls meet one.
 *
 * <p>{@code once-NAME:KEY} fails the first call with that text, {@code times-NAME:K:KEY} the first K; {@code share-NAME:P:KEY} fails P
 * in a hundred, drawn by chance but for the same text always the same ones. The others are answered well. NAME is a fault
 * without an argument; KEY tells scripts apart and may be left out. All loops share one script.
 */
final class FaultScript {
    /** Beyond this many different scripts all begin anew, so that a long run cannot grow without bound. */
    static final int SCRIPTS_MAX = 10_000;

    private static final Pattern SCRIPTED =
            Pattern.compile("(?:once-(?<once>[a-z0-9-]+)|times-(?<times>[a-z0-9-]+):(?<count>[0-9]{1,6})"
                    + "|share-(?<share>[a-z0-9-]+):(?<percent>[0-9]{1,3}))(?::.*)?");

    private final ConcurrentMap<String, Integer> callsSeen = new ConcurrentHashMap<>();

    /**
     * The fault of one more call that names {@code text}.
     *
     * @throws IllegalArgumentException if there is no such fault, with a message for the caller
     */
    Fault next(String text) {
        Matcher script = SCRIPTED.matcher(text);
        if (!script.matches()) {
            return Fault.parse(text);
        }
        String share = script.group("share");
        if (share != null) {
            Fault fault = Fault.parse(share);
            return drawn(text, callsSeen(text)) < Integer.parseInt(script.group("percent")) ? fault : Fault.NONE;
        }
        String once = script.group("once");
        Fault fault = Fault.parse(once != null ? once : script.group("times"));
        int failing = once != null ? 1 : Integer.parseInt(script.group("count"));
        return callsSeen(text) <= failing ? fault : Fault.NONE;
    }

    /** A number below a hundred that belongs to this call of this text. */
    private static int drawn(String text, int call) {
        return new SplittableRandom(text.hashCode() * 1_000_003L + call).nextInt(100);
    }

    private int callsSeen(String text) {
        if (callsSeen.size() >= SCRIPTS_MAX) {
            callsSeen.clear();
        }
        return callsSeen.merge(text, 1, Integer::sum);
    }
}
