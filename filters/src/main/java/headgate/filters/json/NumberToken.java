package headgate.filters.json;

/** One number, checked as it comes, with its value as a whole number. */
final class NumberToken {
    private static final int MINUS = 0;
    private static final int ZERO = 1;
    private static final int WHOLE = 2;
    private static final int POINT = 3;
    private static final int FRACTION = 4;
    private static final int E = 5;
    private static final int SIGN = 6;
    private static final int EXPONENT = 7;

    private static final int EXPONENT_MAX = 1_000_000_000;

    private int state;
    private boolean negative;
    private long digits;
    /** Digits beyond what a long can hold are only counted. */
    private boolean full;

    /** The value is {@code digits * 10^scale}, before the exponent is added. */
    private long scale;

    private int exponent;
    private boolean exponentNegative;

    /** Begins with the first byte, a minus or a digit. */
    void begin(byte first) {
        negative = first == '-';
        state = negative ? MINUS : first == '0' ? ZERO : WHOLE;
        digits = negative ? 0 : first - '0';
        full = false;
        scale = 0;
        exponent = 0;
        exponentNegative = false;
    }

    /** Reads on; returns the index behind the number, or {@code to} when it may go on. */
    int scan(byte[] bytes, int from, int to, long base) throws JsonException {
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (b >= '0' && b <= '9') {
                digit(b, base + i);
            } else if (!takesMark(b)) {
                requireWhole(b, base + i);
                return i;
            }
        }
        return to;
    }

    /** The value without its fraction; 0 for all below it, the largest long for all above. */
    long value() {
        if (negative || digits == 0) {
            return 0;
        }
        long value = digits;
        long power = scale + (exponentNegative ? -exponent : exponent);
        if (full && power > 0) {
            return Long.MAX_VALUE;
        }
        for (; power > 0 && value < Long.MAX_VALUE; power--) {
            value = value <= Long.MAX_VALUE / 10 ? value * 10 : Long.MAX_VALUE;
        }
        for (; power < 0 && value > 0; power++) {
            value /= 10;
        }
        return value;
    }

    private void digit(byte b, long offset) throws JsonException {
        switch (state) {
            case WHOLE -> {}
            case MINUS -> state = b == '0' ? ZERO : WHOLE;
            case POINT, FRACTION -> {
                state = FRACTION;
                scale--;
            }
            case ZERO -> throw JsonException.unexpected(offset, b, "no digit behind a leading zero");
            default -> {
                state = EXPONENT;
                exponent = Math.min(EXPONENT_MAX, exponent * 10 + b - '0');
                return;
            }
        }
        int digit = b - '0';
        if (full || digits > (Long.MAX_VALUE - digit) / 10) {
            full = true;
            scale++;
        } else {
            digits = digits * 10 + digit;
        }
    }

    private boolean takesMark(byte b) {
        if (b == '.' && (state == ZERO || state == WHOLE)) {
            state = POINT;
        } else if ((b == 'e' || b == 'E') && (state == ZERO || state == WHOLE || state == FRACTION)) {
            state = E;
        } else if ((b == '+' || b == '-') && state == E) {
            state = SIGN;
            exponentNegative = b == '-';
        } else {
            return false;
        }
        return true;
    }

    private void requireWhole(byte b, long offset) throws JsonException {
        if (state == MINUS || state == POINT || state == E || state == SIGN) {
            throw JsonException.unexpected(offset, b, "a digit in a number");
        }
    }
}
