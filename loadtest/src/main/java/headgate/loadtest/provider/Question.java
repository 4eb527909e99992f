package headgate.loadtest.provider;

import org.jspecify.annotations.Nullable;

/**
 * One call's request as the answers see it.
 *
 * @param facts what the body said
 * @param model the body's model, else the path's deployment
 * @param serial makes the answer's id unlike all others
 * @param createdSeconds when it was asked, since the epoch
 * @param lengthDefault how many tokens an answer has if the request does not want fewer
 * @param tellsUsage false if the answer is to be without usage
 */
record Question(
        RequestFacts facts, String model, long serial, long createdSeconds, int lengthDefault, boolean tellsUsage) {
    private static final String MODEL_UNNAMED = "simulated";

    static String model(RequestFacts facts, @Nullable String deployment) {
        return facts.model != null ? facts.model : deployment != null ? deployment : MODEL_UNNAMED;
    }

    AnswerText text() {
        return AnswerText.echoing(model, facts.lastText, Math.min(lengthDefault, facts.tokensMax));
    }

    /** Whether the request wanted less than there is to say. */
    boolean cutShort() {
        return facts.tokensMax < lengthDefault;
    }

    String quotedModel() {
        return AnswerText.quoted(model);
    }

    String id(String prefix) {
        return prefix + "sim" + Long.toHexString(createdSeconds) + "x" + serial;
    }
}
