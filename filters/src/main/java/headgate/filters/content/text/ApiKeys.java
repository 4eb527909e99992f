package headgate.filters.content.text;

/** Keys of common providers, by how they begin and how long they are. */
final class ApiKeys implements PatternForm {
    /** What a key is made of. Words are too, but for their digits; few of them are all capitals. */
    private enum Made {
        LETTERS_AND_DIGITS,
        WITH_HYPHENS,
        CAPITALS
    }

    /** How a key begins, how many characters follow at least and at most, and of what kind they are. */
    private record Kind(String prefix, int min, int max, Made of) {}

    private static final Kind[] KINDS = {
        new Kind("sk_live_", 20, 128, Made.LETTERS_AND_DIGITS),
        new Kind("rk_live_", 20, 128, Made.LETTERS_AND_DIGITS),
        new Kind("sk-", 20, 256, Made.WITH_HYPHENS),
        new Kind("gsk_", 40, 64, Made.LETTERS_AND_DIGITS),
        new Kind("hf_", 30, 64, Made.LETTERS_AND_DIGITS),
        new Kind("npm_", 36, 36, Made.LETTERS_AND_DIGITS),
        new Kind("ghp_", 36, 255, Made.LETTERS_AND_DIGITS),
        new Kind("gho_", 36, 255, Made.LETTERS_AND_DIGITS),
        new Kind("ghu_", 36, 255, Made.LETTERS_AND_DIGITS),
        new Kind("ghs_", 36, 255, Made.LETTERS_AND_DIGITS),
        new Kind("ghr_", 36, 255, Made.LETTERS_AND_DIGITS),
        new Kind("github_pat_", 60, 255, Made.WITH_HYPHENS),
        new Kind("glpat-", 20, 64, Made.WITH_HYPHENS),
        new Kind("AKIA", 16, 16, Made.CAPITALS),
        new Kind("ASIA", 16, 16, Made.CAPITALS),
        new Kind("AIza", 35, 35, Made.WITH_HYPHENS),
        new Kind("xoxa-", 10, 255, Made.WITH_HYPHENS),
        new Kind("xoxb-", 10, 255, Made.WITH_HYPHENS),
        new Kind("xoxp-", 10, 255, Made.WITH_HYPHENS),
        new Kind("xoxr-", 10, 255, Made.WITH_HYPHENS),
        new Kind("xoxs-", 10, 255, Made.WITH_HYPHENS),
    };

    @Override
    public int length(UnitWindow text, int at) {
        int first = text.at(at);
        if (!PatternForm.isLetter(first) || !PatternForm.begins(text, at)) {
            return 0;
        }
        for (Kind kind : KINDS) {
            if (kind.prefix.charAt(0) == first && startsWith(text, at, kind.prefix)) {
                int length = length(text, at, kind);
                if (length > 0) {
                    return length;
                }
            }
        }
        return 0;
    }

    private static boolean startsWith(UnitWindow text, int at, String prefix) {
        for (int i = 0; i < prefix.length(); i++) {
            if (text.at(at + i) != prefix.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static int length(UnitWindow text, int at, Kind kind) {
        int from = at + kind.prefix.length();
        int i = from;
        int digits = 0;
        while (i - from <= kind.max && isOfKey(text.at(i), kind.of)) {
            digits += PatternForm.isDigit(text.at(i)) ? 1 : 0;
            i++;
        }
        boolean random = digits > 0 || kind.of == Made.CAPITALS;
        return i - from >= kind.min && i - from <= kind.max && random ? i - at : 0;
    }

    private static boolean isOfKey(int unit, Made of) {
        return switch (of) {
            case CAPITALS -> PatternForm.isDigit(unit) || (unit >= 'A' && unit <= 'Z');
            case LETTERS_AND_DIGITS -> PatternForm.isDigit(unit) || PatternForm.isLetter(unit);
            case WITH_HYPHENS -> PatternForm.isDigit(unit) || PatternForm.isLetter(unit) || unit == '-' || unit == '_';
        };
    }
}
