package headgate.filters.content.text;

/** What one kind of personal data or secret looks like. */
interface PatternForm {
    /**
     * How many units it has if one begins at a place, or 0.
     *
     * <p>It may look at any unit behind; those that have not come are 0, and if it looked at one it is asked again.
     */
    int length(UnitWindow text, int at);

    /** Whether a word begins here, for what is written as one. */
    static boolean begins(UnitWindow text, int at) {
        int before = text.at(at - 1);
        return !Letters.isWord(before) && before != '_' && before != '-';
    }

    /** Whether what is written as a word ends in front of this. */
    static boolean ends(UnitWindow text, int at) {
        int unit = text.at(at);
        return !Letters.isWord(unit) && unit != '_';
    }

    static boolean isDigit(int unit) {
        return unit >= '0' && unit <= '9';
    }

    static boolean isLetter(int unit) {
        return (unit | 0x20) >= 'a' && (unit | 0x20) <= 'z';
    }

    static int upper(int unit) {
        return unit >= 'a' && unit <= 'z' ? unit & ~0x20 : unit;
    }
}
