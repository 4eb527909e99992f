package headgate.filters.content.text;

/** Numbers of telephones: international ones with a plus sign (E.164), and North American ones with their separators. */
final class Phones implements PatternForm {
    private static final int DIGITS_MIN = 8;
    private static final int DIGITS_MAX = 15;
    private static final String AMERICAN = "ddd-ddd-dddd";

    @Override
    public int length(UnitWindow text, int at) {
        int first = text.at(at);
        if (first != '+' && first != '(' && !PatternForm.isDigit(first)) {
            return 0;
        }
        int before = text.at(at - 1);
        if (Letters.isWord(before) || before == '+' || before == '.' || before == '-' || before == '_') {
            return 0;
        }
        return first == '+' ? international(text, at) : american(text, at);
    }

    private static int international(UnitWindow text, int at) {
        int digits = 0;
        int end = 0;
        int i = at + 1;
        if (text.at(i) == '0') {
            return 0;
        }
        while (digits <= DIGITS_MAX) {
            int unit = text.at(i);
            if (PatternForm.isDigit(unit)) {
                digits++;
                end = i + 1;
            } else if (!isSeparator(unit) || (isSeparator(text.at(i - 1)) && !isBracket(unit, text.at(i - 1)))) {
                break;
            }
            i++;
        }
        return digits >= DIGITS_MIN && digits <= DIGITS_MAX && PatternForm.ends(text, end) ? end - at : 0;
    }

    private static int american(UnitWindow text, int at) {
        int i = at;
        int separators = 0;
        for (int k = 0; k < AMERICAN.length(); k++) {
            if (AMERICAN.charAt(k) == 'd') {
                if (k == 0 && text.at(i) == '(') {
                    i++;
                    separators++;
                }
                int digit = text.at(i++);
                boolean leads = k == 0 || k == 4;
                if (!PatternForm.isDigit(digit) || (leads && digit < '2')) {
                    return 0;
                }
            } else {
                if (k == 3 && text.at(i) == ')') {
                    i++;
                }
                if (text.at(i) == ' ' || text.at(i) == '-' || text.at(i) == '.') {
                    i++;
                    separators++;
                }
            }
        }
        return separators >= 2 && PatternForm.ends(text, i) && text.at(i) != '-' ? i - at : 0;
    }

    private static boolean isSeparator(int unit) {
        return unit == ' ' || unit == '-' || unit == '.' || unit == '/' || unit == '(' || unit == ')';
    }

    private static boolean isBracket(int unit, int before) {
        return (unit == '(') != (before == ')');
    }
}
