package headgate.filters.content.text;

import java.text.Normalizer.Form;
import java.util.HashMap;
import java.util.Map;

/** What the filter knows of single characters (Unicode). */
final class Letters {
    /** Latin letters, and what looks like them in other scripts. */
    private static final String[] LOOKALIKES = {
        "a\u0430\u03b1\u0251\u237a",
        "b\u0432\u03b2\u042c\u0184\u15af",
        "c\u0441\u03f2\u217d\u1d04",
        "d\u0501\u217e\u13e7",
        "e\u0435\u03b5\u0454\u212e\uab32\u0511",
        "f\u0192\ua799\u1e9d",
        "g\u0261\u0581\u1d83",
        "h\u043d\u04bb\u0570\u13c2",
        "i\u0456\u03b9\u0131\u04cf\u0269\u13a5",
        "j\u0458\u03f3",
        "k\u043a\u03ba\u1d0b",
        "l\u217c\u01c0\u05c0",
        "m\u043c\u03bc\u217f\u1d0d",
        "n\u0578\u057c\u043f\u03b7",
        "o\u043e\u03bf\u0585\u1d0f\u0c66\u0be6",
        "p\u0440\u03c1\u2374",
        "q\u051b\u0563\u0566",
        "r\u0433\u1d26\uab47",
        "s\u0455\u01bd\ua731",
        "t\u0442\u03c4\u1d1b",
        "u\u057d\u1d1c\u03c5\u028b",
        "v\u03bd\u0475\u2174\u1d20",
        "w\u051d\u0461\u1d21\u0561",
        "x\u0445\u03c7\u2179",
        "y\u0443\u04af\u03b3\u028f\u1eff",
        "z\u1d22\u0290",
    };

    private static final Map<Integer, Integer> LATIN = latin();

    /** By character of the first plane: 0 is not known yet. */
    private static final byte[] KINDS = new byte[1 << 16];

    /** Likewise. To find a character's script takes longer than all the rest. */
    private static final byte[] WORDS = new byte[1 << 16];

    private static final byte IN_WORD = 1;
    private static final byte NO_WORD = 2;

    private static final byte SELF = 1;
    private static final byte IGNORED = 2;
    private static final byte OTHER = 3;

    private Letters() {}

    /** Whether it shows nothing: zero-width characters, soft hyphens, marks of direction, variation selectors. */
    static boolean isIgnored(int codePoint) {
        return kind(codePoint) == IGNORED;
    }

    /** Whether NFKC leaves it alone, if no mark follows it. */
    static boolean isSelf(int codePoint) {
        return kind(codePoint) == SELF;
    }

    /** Whether it may become one with the character in front of it. */
    static boolean continues(int codePoint) {
        if (codePoint < 0x300) {
            return false;
        }
        String parts = java.text.Normalizer.normalize(Character.toString(codePoint), Form.NFKD);
        int first = parts.codePointAt(0);
        return isMark(first) || (first >= 0x1160 && first <= 0x11FF) || (first >= 0xD7B0 && first <= 0xD7FF);
    }

    static boolean isMark(int codePoint) {
        int type = Character.getType(codePoint);
        return type == Character.NON_SPACING_MARK
                || type == Character.COMBINING_SPACING_MARK
                || type == Character.ENCLOSING_MARK;
    }

    static boolean isSpace(int codePoint) {
        return codePoint <= ' '
                ? codePoint == ' ' || (codePoint >= '\t' && codePoint <= '\r')
                : codePoint >= 0x85 && (codePoint == 0x85 || Character.isSpaceChar(codePoint));
    }

    /** Whether case is all that it has; simple folding, so that one character stays one. */
    static int fold(int codePoint) {
        if (codePoint < 0x80) {
            return codePoint >= 'A' && codePoint <= 'Z' ? codePoint | 0x20 : codePoint;
        }
        return Character.toLowerCase(Character.toUpperCase(codePoint));
    }

    /** The Latin letter that it looks like, or else itself; what is given is folded. */
    static int lookalike(int folded) {
        return folded < 0x80 ? folded : LATIN.getOrDefault(folded, folded);
    }

    /**
     * Whether it is part of a word that has an end: a letter, digit or mark, but not of a script that is written without spaces, or
     * whose words take on endings.
     */
    static boolean isWord(int codePoint) {
        if (codePoint < 0x80) {
            return isAsciiWord(codePoint);
        }
        if (codePoint >= WORDS.length) {
            return isWordOf(codePoint);
        }
        if (WORDS[codePoint] == 0) {
            WORDS[codePoint] = isWordOf(codePoint) ? IN_WORD : NO_WORD;
        }
        return WORDS[codePoint] == IN_WORD;
    }

    private static boolean isWordOf(int codePoint) {
        return (Character.isLetterOrDigit(codePoint) || isMark(codePoint)) && !isWithoutSpaces(codePoint);
    }

    static boolean isAsciiWord(int b) {
        return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9');
    }

    private static boolean isWithoutSpaces(int codePoint) {
        if (codePoint < 0x0E00) {
            return false;
        }
        return switch (Character.UnicodeScript.of(codePoint)) {
            case HAN, HIRAGANA, KATAKANA, HANGUL, THAI, LAO, KHMER, MYANMAR, TIBETAN, BOPOMOFO, YI -> true;
            default -> codePoint == 0x30FC;
        };
    }

    private static byte kind(int codePoint) {
        if (codePoint < 0x80) {
            return SELF;
        }
        if (codePoint >= KINDS.length) {
            return kindOf(codePoint);
        }
        // A race only means that two threads find out the same.
        byte known = KINDS[codePoint];
        if (known == 0) {
            known = kindOf(codePoint);
            KINDS[codePoint] = known;
        }
        return known;
    }

    private static byte kindOf(int codePoint) {
        boolean selector =
                (codePoint >= 0xFE00 && codePoint <= 0xFE0F) || (codePoint >= 0xE0100 && codePoint <= 0xE01EF);
        boolean filler = codePoint == 0x034F
                || codePoint == 0x115F
                || codePoint == 0x1160
                || codePoint == 0x3164
                || codePoint == 0xFFA0
                || codePoint == 0x17B4
                || codePoint == 0x17B5;
        boolean mongolian = codePoint >= 0x180B && codePoint <= 0x180F;
        if (selector || filler || mongolian || Character.getType(codePoint) == Character.FORMAT) {
            return IGNORED;
        }
        String text = Character.toString(codePoint);
        boolean self =
                java.text.Normalizer.isNormalized(text, Form.NFKC) && !continues(codePoint) && !isSpace(codePoint);
        return self ? SELF : OTHER;
    }

    private static Map<Integer, Integer> latin() {
        Map<Integer, Integer> latin = new HashMap<>();
        for (String alike : LOOKALIKES) {
            int letter = alike.charAt(0);
            alike.codePoints().skip(1).forEach(other -> latin.put(fold(other), letter));
        }
        return Map.copyOf(latin);
    }
}
