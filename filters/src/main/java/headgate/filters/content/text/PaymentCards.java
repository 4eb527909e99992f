package headgate.filters.content.text;

/** Numbers of payment cards: 13 to 19 digits of a known network, alone or in groups, with the check digit of Luhn. */
final class PaymentCards implements PatternForm {
    private static final int DIGITS_MAX = 19;

    @Override
    public int length(UnitWindow text, int at) {
        if (!PatternForm.isDigit(text.at(at)) || !PatternForm.begins(text, at) || isGroup(text, at)) {
            return 0;
        }
        int[] digits = new int[DIGITS_MAX];
        int count = 0;
        int found = 0;
        int i = at;
        while (count < DIGITS_MAX && PatternForm.isDigit(text.at(i))) {
            digits[count++] = text.at(i++) - '0';
            boolean groupEnds = !PatternForm.isDigit(text.at(i));
            if (groupEnds && PatternForm.ends(text, i) && isCard(digits, count)) {
                found = i - at;
            }
            if (groupEnds && isSeparator(text.at(i))) {
                i++;
            }
        }
        return found;
    }

    /** Whether it goes on a number that began before: only a whole one counts. */
    private static boolean isGroup(UnitWindow text, int at) {
        return text.at(at - 1) == '.' && PatternForm.isDigit(text.at(at - 2));
    }

    static boolean isSeparator(int unit) {
        return unit == ' ' || unit == '-';
    }

    private static boolean isCard(int[] digits, int count) {
        return isLength(number(digits, 2), number(digits, 4), count) && isLuhn(digits, count);
    }

    /** The networks' ranges and lengths (ISO/IEC 7812). */
    private static boolean isLength(int two, int four, int count) {
        if (two / 10 == 4) {
            return count == 13 || count == 16 || count == 19;
        }
        if ((two >= 51 && two <= 55) || (four >= 2221 && four <= 2720)) {
            return count == 16;
        }
        if (two == 34 || two == 37) {
            return count == 15;
        }
        if (two == 36 || two == 38 || two == 39 || (four >= 3000 && four <= 3059)) {
            return count >= 14 && count <= 19;
        }
        boolean many = two == 62 || two == 65 || four == 6011 || two == 64 || two == 35;
        boolean maestro = two == 50 || (two >= 56 && two <= 59) || two == 63 || two == 67;
        return (many && count >= 16) || (maestro && count >= 13);
    }

    private static int number(int[] digits, int count) {
        int number = 0;
        for (int i = 0; i < count; i++) {
            number = number * 10 + digits[i];
        }
        return number;
    }

    private static boolean isLuhn(int[] digits, int count) {
        int sum = 0;
        for (int i = 0; i < count; i++) {
            int digit = digits[count - 1 - i];
            int doubled = digit * 2;
            sum += i % 2 == 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
        }
        return sum % 10 == 0;
    }
}
