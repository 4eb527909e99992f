package headgate.conf.yaml;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The text of a file that is small enough, in UTF-8 and without control characters; anything else is a problem. */
final class SourceText {
    static final int BYTES_MAX = 1 << 20;

    private SourceText() {}

    static @Nullable String read(Path file, Problems problems) {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(BYTES_MAX + 1);
        } catch (IOException e) {
            String reason = e instanceof NoSuchFileException ? "there is no such file" : "reading it failed";
            problems.add(Position.START, "", "unreadable", "a readable file (" + reason + ")");
            return null;
        }
        if (bytes.length > BYTES_MAX) {
            problems.add(Position.START, "", "too large", "at most " + BYTES_MAX + " bytes");
            return null;
        }
        try {
            // The convenience methods would put U+FFFD in the place of what is malformed.
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            problems.add(Position.START, "", "not UTF-8", "a text in UTF-8");
            return null;
        }
    }

    /** Whether the text can be given to the parser; if not, says so. */
    static boolean sound(String text, Problems problems) {
        if (text.length() > BYTES_MAX) {
            problems.add(Position.START, "", "too large", "at most " + BYTES_MAX + " bytes");
            return false;
        }
        OptionalInt bad =
                IntStream.range(0, text.length()).filter(i -> !allowed(text, i)).findFirst();
        if (bad.isPresent()) {
            int at = bad.getAsInt();
            int line = 1
                    + (int) text.substring(0, at).chars().filter(c -> c == '\n').count();
            int column = at - text.lastIndexOf('\n', at - 1);
            String shown = String.format("character U+%04X", (int) text.charAt(at));
            problems.add(new Position(line, column), "", shown, "a text without such characters");
        }
        return bad.isEmpty();
    }

    /** YAML 1.1, section 4.1.1, without the two characters that stand for braces in the meantime. */
    private static boolean allowed(String text, int i) {
        char c = text.charAt(i);
        if (Character.isHighSurrogate(c)) {
            return i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1));
        }
        if (Character.isLowSurrogate(c)) {
            return i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
        }
        boolean control = (c < ' ' && "\t\n\r".indexOf(c) < 0) || (c >= 0x7F && c < 0xA0 && c != 0x85);
        return !control && c < 0xFFFE && c != Braces.OPEN && c != Braces.CLOSE;
    }
}
