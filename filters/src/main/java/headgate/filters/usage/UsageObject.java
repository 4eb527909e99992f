package headgate.filters.usage;

import headgate.filters.Usage;
import java.nio.charset.StandardCharsets;

/**
 * Reads one usage object, byte by byte, behind its opening brace.
 *
 * <p>Both namings are known, those of chat completions and those of responses, and the details one level down. Other members
 * are passed over.
 */
final class UsageObject {
    /** What a byte led to. */
    enum Progress {
        MORE,
        COMPLETE,
        TOO_LONG
    }

    private static final int BYTES_MAX = 8 * 1024;
    private static final int NAME_BYTES_MAX = 32;
    private static final long TOKENS_MAX = 1L << 50;

    private final byte[] name = new byte[NAME_BYTES_MAX];
    private int nameLength;
    private boolean inString;
    private boolean escaped;
    private boolean afterColon;
    private int depth = 1;
    private int bytes;
    private long number = -1;

    private long prompt = -1;
    private long completion = -1;
    private long cached = -1;
    private long reasoning = -1;

    Progress read(byte b) {
        if (++bytes > BYTES_MAX) {
            return Progress.TOO_LONG;
        }
        if (inString) {
            inString(b);
            return Progress.MORE;
        }
        if (b >= '0' && b <= '9' && afterColon) {
            number = Math.min(TOKENS_MAX, Math.max(0, number) * 10 + (b - '0'));
            return Progress.MORE;
        }
        if (b == '"') {
            inString = true;
            if (!afterColon) {
                nameLength = 0;
            }
        } else if (b == ':') {
            afterColon = true;
            number = -1;
        } else if (b == ',' || b == '}' || b == '{' || b == ']' || b == '[') {
            member();
            depth += b == '{' || b == '[' ? 1 : b == ',' ? 0 : -1;
        } else if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
            // A sign, a fraction, an exponent or a literal: no count.
            afterColon = false;
        }
        return depth == 0 ? Progress.COMPLETE : Progress.MORE;
    }

    /** Whether it counts anything; an object of the same name in a tool's schema does not. */
    boolean counts() {
        return prompt >= 0 || completion >= 0 || cached >= 0 || reasoning >= 0;
    }

    Usage usage() {
        return new Usage(prompt, completion, cached, reasoning);
    }

    private void inString(byte b) {
        if (escaped) {
            escaped = false;
        } else if (b == '\\') {
            escaped = true;
        } else if (b == '"') {
            inString = false;
        } else if (!afterColon && nameLength < NAME_BYTES_MAX) {
            name[nameLength++] = b;
        }
    }

    private void member() {
        if (afterColon && number >= 0) {
            switch (new String(name, 0, nameLength, StandardCharsets.ISO_8859_1)) {
                case "prompt_tokens", "input_tokens" -> prompt = depth == 1 ? number : prompt;
                case "completion_tokens", "output_tokens" -> completion = depth == 1 ? number : completion;
                case "cached_tokens" -> cached = depth <= 2 ? number : cached;
                case "reasoning_tokens" -> reasoning = depth <= 2 ? number : reasoning;
                default -> {}
            }
        }
        afterColon = false;
        number = -1;
    }
}
