package headgate.filters.api;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Percent-decoding of a path that leaves no room for two readings.
 *
 * <p>A path with an empty segment, a dot segment, a semicolon, a backslash, an encoded slash, a control character or
 * invalid UTF-8, encoded or not, is not decoded at all.
 */
final class PathText {
    private PathText() {}

    /** The decoded path, or null when it has no single meaning. */
    static @Nullable String decode(String path) {
        byte[] decoded = new byte[path.length()];
        int length = 0;
        for (int i = 0; i < path.length(); i++) {
            int c = path.charAt(i);
            if (c == '%') {
                int high = i + 2 < path.length() ? Character.digit(path.charAt(i + 1), 16) : -1;
                int low = high < 0 ? -1 : Character.digit(path.charAt(i + 2), 16);
                c = low < 0 ? '/' : high << 4 | low;
                if (c == '/') {
                    return null;
                }
                i += 2;
            }
            if (c < ' ' || c == 0x7F || c == ';' || c == '\\' || c == '?' || c == '#' || c == '%') {
                return null;
            }
            decoded[length++] = (byte) c;
        }
        String text = utf8(decoded, length);
        return text == null || hasEmptyOrDotSegment(text) ? null : text;
    }

    private static @Nullable String utf8(byte[] bytes, int length) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static boolean hasEmptyOrDotSegment(String path) {
        for (String segment : path.substring(1).split("/", -1)) {
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                return true;
            }
        }
        return false;
    }
}
