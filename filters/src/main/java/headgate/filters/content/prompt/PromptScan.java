package headgate.filters.content.prompt;

import headgate.filters.content.TextRules;
import headgate.filters.content.TextScan;

/**
 * What reading a prompt takes, and can be used for the next one.
 *
 * @param rules what the scan looks for
 * @param window the part of a text that is scanned
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record PromptScan(TextRules rules, TextScan scan, byte[] window) {
    private static final int WINDOW_BYTES = 4096;

    static PromptScan of(TextRules rules) {
        return new PromptScan(rules, rules.newScan(), new byte[WINDOW_BYTES]);
    }
}
