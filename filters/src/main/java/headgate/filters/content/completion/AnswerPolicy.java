package headgate.filters.content.completion;

import headgate.conf.ContentFilterConfig;
import headgate.conf.ContentFilterConfig.Annotation;
import headgate.conf.ContentFilterConfig.Category;
import headgate.conf.ContentFilterConfig.Mode;
import headgate.conf.ContentFilterConfig.Outage;
import headgate.conf.ContentFilterConfig.Source;
import headgate.conf.LimitsConfig;
import headgate.filters.api.Operation;
import headgate.filters.content.FilterPolicy;
import headgate.filters.content.Judge;
import headgate.filters.content.TextRules;
import java.util.Map;
import java.util.Set;

/** What a policy says of one answer. */
final class AnswerPolicy {
    /** Of text that goes on before it is judged (CONTRACT.md, section 5); bytes, so that characters are no more. */
    private static final int AHEAD_BYTES = 1000;

    private final ContentFilterConfig config;
    private final TextRules rules;
    private final Map<Judge, Set<Category>> judges;
    private final int batchCharacters;
    private final Operation operation;
    private final boolean stream;

    AnswerPolicy(FilterPolicy policy, LimitsConfig.ContentFilter limits, Operation operation, boolean stream) {
        this.config = policy.config();
        this.rules = policy.rules(Source.COMPLETION);
        this.judges = policy.judges(Source.COMPLETION);
        this.batchCharacters = limits.batchCharacters();
        this.operation = operation;
        this.stream = stream;
    }

    ContentFilterConfig config() {
        return config;
    }

    TextRules rules() {
        return rules;
    }

    Map<Judge, Set<Category>> judges() {
        return judges;
    }

    /** So many are asked about at once. */
    int batchCharacters() {
        return batchCharacters;
    }

    Operation operation() {
        return operation;
    }

    /** Whether it is of the responses surface. */
    boolean response() {
        return operation == Operation.RESPONSES;
    }

    boolean stream() {
        return stream;
    }

    /** Whether what judges cannot judge goes on. */
    boolean open() {
        return config.outage() == Outage.OPEN;
    }

    /** Whether verdicts are told in events of their own; a response's events have no place for it. */
    boolean tellsVerdicts() {
        return behind() && !response() && config.annotations().contains(Annotation.VERDICT_EVENTS);
    }

    Lane newLane(Choice choice) {
        return new Lane(
                choice,
                rules.isEmpty() ? null : rules.newScan(),
                !behind() || config.masks(Source.COMPLETION),
                !judges.isEmpty(),
                behind() ? AHEAD_BYTES : 0);
    }

    /** Whether text goes on before it is judged. */
    private boolean behind() {
        return stream && config.mode() == Mode.ASYNCHRONOUS;
    }
}
