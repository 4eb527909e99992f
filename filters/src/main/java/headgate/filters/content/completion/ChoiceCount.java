package headgate.filters.content.completion;

import headgate.filters.Exchange;
import headgate.filters.api.Operation;
import headgate.filters.json.JsonScanner;
import headgate.filters.json.TextKind;
import java.util.stream.IntStream;

/** How many choices an answer will have, as far as its request says so. */
final class ChoiceCount {
    private ChoiceCount() {}

    /** As many as can be where it is not sure: each of several prompts has its own, and tokens may be those of several. */
    static int of(Exchange exchange) {
        JsonScanner scan = exchange.scan();
        if (scan == null) {
            return 1;
        }
        boolean several = exchange.requireOperation().operation() == Operation.COMPLETIONS
                && (scan.promptTokens() > 0 || prompts(scan) > 1);
        return several ? Integer.MAX_VALUE : (int) Math.max(1, Math.min(scan.choices(), Integer.MAX_VALUE));
    }

    private static long prompts(JsonScanner scan) {
        return IntStream.range(0, scan.textCount())
                .filter(text -> scan.textKind(text) == TextKind.PROMPT)
                .count();
    }
}
