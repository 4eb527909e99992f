package headgate.filters;

/** A name in which {@code *} stands for any characters; case makes no difference. */
public final class Glob {
    private Glob() {}

    /** Whether the whole name fits; takes at most the product of both lengths, whatever the operator wrote. */
    public static boolean matches(String pattern, String name) {
        int at = 0;
        int star = -1;
        int resumed = 0;
        for (int i = 0; i < name.length(); ) {
            if (at < pattern.length() && pattern.charAt(at) == '*') {
                star = at++;
                resumed = i;
            } else if (at < pattern.length() && pattern.regionMatches(true, at, name, i, 1)) {
                at++;
                i++;
            } else if (star >= 0) {
                // The last star takes one character more.
                at = star + 1;
                i = ++resumed;
            } else {
                return false;
            }
        }
        while (at < pattern.length() && pattern.charAt(at) == '*') {
            at++;
        }
        return at == pattern.length();
    }
}
