package headgate.filters.content.text;

/** Addresses of mail, as people write them: a name, an at sign, and a host of at least two labels, the last of them letters. */
final class Emails implements PatternForm {
    /** RFC 5321, section 4.5.3.1. */
    private static final int NAME_MAX = 64;

    private static final int HOST_MAX = 255;

    @Override
    public int length(UnitWindow text, int at) {
        if (!Character.isLetterOrDigit(text.at(at)) || isOfName(text.at(at - 1))) {
            return 0;
        }
        int i = at + 1;
        while (i - at <= NAME_MAX && isOfName(text.at(i))) {
            i++;
        }
        if (text.at(i) != '@' || text.at(i - 1) == '.') {
            return 0;
        }
        int end = host(text, i + 1);
        return end < 0 ? 0 : end - at;
    }

    /** Where a host is over that begins here; -1 when none does. */
    private static int host(UnitWindow text, int from) {
        int end = -1;
        int label = from;
        int i = from;
        while (i - from <= HOST_MAX) {
            int unit = text.at(i);
            if (unit == '.' || !(Character.isLetterOrDigit(unit) || unit == '-')) {
                if (i == label || text.at(label) == '-' || text.at(i - 1) == '-') {
                    return end;
                }
                if (label > from && isTop(text, label, i)) {
                    end = i;
                }
                if (unit != '.') {
                    return end;
                }
                label = i + 1;
            }
            i++;
        }
        return -1;
    }

    private static boolean isTop(UnitWindow text, int from, int to) {
        boolean letters = to - from >= 2;
        for (int i = from; i < to; i++) {
            letters &= Character.isLetter(text.at(i)) || text.at(from + 1) == 'n';
        }
        return letters;
    }

    private static boolean isOfName(int unit) {
        return Character.isLetterOrDigit(unit) || (unit > 0 && ".!#$%&'*+/=?^_`{|}~-".indexOf(unit) >= 0);
    }
}
