package headgate.filters.content.text;

/** Private keys in their text form (PEM, RFC 7468; OpenPGP), from the first line to the last. */
final class PrivateKeys implements PatternForm {
    /** A key of RSA with 8,192 bits has 6,500; above, what comes is not looked at for an end. */
    private static final int UNITS_MAX = 8192;

    private static final int LABEL_MAX = 40;
    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String PRIVATE_KEY = "PRIVATE KEY";
    private static final String DASHES = "-----";

    @Override
    public int length(UnitWindow text, int at) {
        int head = line(text, at, BEGIN);
        if (head == 0) {
            return 0;
        }
        int i = at + head;
        while (i - at < UNITS_MAX && text.at(i) != 0) {
            int last = text.at(i) == '-' ? line(text, i, END) : 0;
            if (last > 0) {
                return i + last - at;
            }
            i++;
        }
        return i - at;
    }

    private static int line(UnitWindow text, int at, String begin) {
        if (!startsWith(text, at, begin)) {
            return 0;
        }
        for (int i = at + begin.length(); i < at + begin.length() + LABEL_MAX; i++) {
            int unit = text.at(i);
            if (unit == 'P' && startsWith(text, i, PRIVATE_KEY)) {
                int dashes = i + PRIVATE_KEY.length();
                dashes += startsWith(text, dashes, " BLOCK") ? " BLOCK".length() : 0;
                return startsWith(text, dashes, DASHES) ? dashes + DASHES.length() - at : 0;
            }
            if (!PatternForm.isLetter(unit) && unit != ' ') {
                return 0;
            }
        }
        return 0;
    }

    private static boolean startsWith(UnitWindow text, int at, String expected) {
        for (int i = 0; i < expected.length(); i++) {
            if (text.at(at + i) != expected.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
