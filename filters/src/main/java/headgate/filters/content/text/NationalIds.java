package headgate.filters.content.text;

/**
 * Numbers by which states know people: of Brazil (CPF), France (NIR), Italy (codice fiscale), Spain (DNI, NIE), the United Kingdom
 * (NINO) and the United States (SSN).
 *
 * <p>With their check digits, where they have some; those without are taken only in the groups they are written in.
 */
final class NationalIds implements PatternForm {
    private static final String SPANISH = "TRWAGMYFPDXBNJZSQVHLCKE";
    private static final int[] ODD = {
        1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23
    };

    @Override
    public int length(UnitWindow text, int at) {
        int first = text.at(at);
        boolean digit = PatternForm.isDigit(first);
        if ((!digit && !PatternForm.isLetter(first)) || !PatternForm.begins(text, at)) {
            return 0;
        }
        // A word of prose is over, or goes on as no number does, within three letters.
        if (!digit && PatternForm.isLetter(text.at(at + 1)) && PatternForm.isLetter(text.at(at + 2))) {
            return italian(text, at);
        }
        int found = digit ? american(text, at) : british(text, at);
        found = found == 0 ? spanish(text, at) : found;
        found = found == 0 && digit ? brazilian(text, at) : found;
        return found == 0 && digit ? french(text, at) : found;
    }

    private static int american(UnitWindow text, int at) {
        int end = shaped(text, at, "ddd-dd-dddd");
        if (end == 0) {
            return 0;
        }
        int area = number(text, at, 3);
        boolean given = area != 0 && area != 666 && area < 900 && number(text, at + 4, 2) != 0;
        return given && number(text, at + 7, 4) != 0 ? end : 0;
    }

    private static int british(UnitWindow text, int at) {
        int end = shaped(text, at, "lldddddda");
        end = end == 0 ? shaped(text, at, "ll dd dd dd a") : end;
        char first = (char) PatternForm.upper(text.at(at));
        char second = (char) PatternForm.upper(text.at(at + 1));
        boolean kept = "BG GB KN NK NT TN ZZ".contains("" + first + second);
        return "DFIQUV".indexOf(first) < 0 && "DFIQUVO".indexOf(second) < 0 && !kept ? end : 0;
    }

    private static int spanish(UnitWindow text, int at) {
        int end = shaped(text, at, "ddddddddl");
        if (end > 0) {
            return isSpanish(number(text, at, 8), text.at(at + 8)) ? end : 0;
        }
        int series = "XYZ".indexOf(PatternForm.upper(text.at(at)));
        end = series < 0 ? 0 : shaped(text, at, "ldddddddl");
        return end > 0 && isSpanish(series * 10_000_000 + number(text, at + 1, 7), text.at(at + 8)) ? end : 0;
    }

    private static boolean isSpanish(int number, int letter) {
        return SPANISH.charAt(number % SPANISH.length()) == PatternForm.upper(letter);
    }

    private static int brazilian(UnitWindow text, int at) {
        int end = shaped(text, at, "ddd.ddd.ddd-dd");
        if (end == 0) {
            return 0;
        }
        int[] digits = new int[11];
        int count = 0;
        for (int i = at; i < at + end; i++) {
            if (PatternForm.isDigit(text.at(i))) {
                digits[count++] = text.at(i) - '0';
            }
        }
        return digits[9] == check(digits, 9) && digits[10] == check(digits, 10) ? end : 0;
    }

    private static int check(int[] digits, int count) {
        int sum = 0;
        for (int i = 0; i < count; i++) {
            sum += digits[i] * (count + 1 - i);
        }
        return sum * 10 % 11 % 10;
    }

    private static int french(UnitWindow text, int at) {
        int end = shaped(text, at, "sddmmdddddddddd");
        end = end == 0 ? shaped(text, at, "s dd mm dd ddd ddd dd") : end;
        long number = 0;
        int count = 0;
        for (int i = at; i < at + end && count < 13; i++) {
            if (PatternForm.isDigit(text.at(i))) {
                number = number * 10 + text.at(i) - '0';
                count++;
            }
        }
        return end > 0 && 97 - number % 97 == number(text, at + end - 2, 2) ? end : 0;
    }

    private static int italian(UnitWindow text, int at) {
        int end = shaped(text, at, "llllllddlddldddl");
        int sum = 0;
        for (int i = 0; i < end - 1; i++) {
            int unit = PatternForm.upper(text.at(at + i));
            int value = PatternForm.isDigit(unit) ? unit - '0' : unit - 'A';
            sum += i % 2 == 0 ? ODD[value] : value;
        }
        return end > 0 && 'A' + sum % 26 == PatternForm.upper(text.at(at + end - 1)) ? end : 0;
    }

    /**
     * The length of a shape, if it stands there as a word: d is a digit, l a letter, a one of A to D, s 1 or 2, m two of a month,
     * and all else itself.
     */
    private static int shaped(UnitWindow text, int at, String shape) {
        for (int i = 0; i < shape.length(); i++) {
            int unit = text.at(at + i);
            boolean fits = switch (shape.charAt(i)) {
                case 'd', 'm' -> PatternForm.isDigit(unit);
                case 'l' -> PatternForm.isLetter(unit);
                case 'a' -> PatternForm.upper(unit) >= 'A' && PatternForm.upper(unit) <= 'D';
                case 's' -> unit == '1' || unit == '2';
                default -> unit == shape.charAt(i);
            };
            if (!fits) {
                return 0;
            }
        }
        boolean ends = PatternForm.ends(text, at + shape.length()) && text.at(at + shape.length()) != '-';
        return ends ? shape.length() : 0;
    }

    private static int number(UnitWindow text, int at, int digits) {
        int number = 0;
        for (int i = at; i < at + digits; i++) {
            number = number * 10 + text.at(i) - '0';
        }
        return number;
    }
}
