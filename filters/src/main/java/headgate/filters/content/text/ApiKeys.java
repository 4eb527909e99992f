package headgate.filters.content.text;

/** Keys of common providers, by how they begin and how long they are. */
final class ApiKeys implements PatternForm {
    /** How a key begins, how many characters follow at least and at most, and whether hyphens and underscores are among them. */
    private record Kind(String prefix, int min, int max, boolean hyphens) {}

    private static final Kind[] KINDS = {
        new Kind("sk_live_", 20, 128, false),
        new Kind("rk_live_", 20, 128, false),
        new Kind("sk-", 20, 256, true),
        new Kind("gsk_", 40, 64, false),
        new Kind("hf_", 30, 64, false),
        new Kind("npm_", 36, 36, false),
        new Kind("ghp_", 36, 255, false),
        new Kind("gho_", 36, 255, false),
        new Kind("ghu_", 36, 255, false),
        new Kind("ghs_", 36, 255, false),
        new Kind("ghr_", 36, 255, false),
        new Kind("github_pat_", 60, 255, true),
        new Kind("glpat-", 20, 64, true),
        new Kind("AKIA", 16, 16, false),
        new Kind("ASIA", 16, 16, false),
        new Kind("AIza", 35, 35, true),
        new Kind("xoxa-", 10, 255, true),
        new Kind("xoxb-", 10, 255, true),
        new Kind("xoxp-", 10, 255, true),
        new Kind("xoxr-", 10, 255, true),
        new Kind("xoxs-", 10, 255, true),
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
        while (i - from <= kind.max && isOfKey(text.at(i), kind.hyphens)) {
            digits += PatternForm.isDigit(text.at(i)) ? 1 : 0;
            i++;
        }
        // Words with hyphens between them have no digits.
        return i - from >= kind.min && i - from <= kind.max && digits > 0 ? i - at : 0;
    }

    private static boolean isOfKey(int unit, boolean hyphens) {
        return PatternForm.isDigit(unit) || PatternForm.isLetter(unit) || (hyphens && (unit == '-' || unit == '_'));
    }
}
