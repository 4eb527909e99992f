package headgate.filters.content.prompt;

import headgate.filters.content.Judge;
import headgate.filters.content.text.PlainText;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/** The texts of a prompt as judges are given them, within a bound. */
final class QuestionTexts {
    private final int bytesMax;
    private final List<Read> texts = new ArrayList<>();
    private final PlainText open = new PlainText();
    private int number = -1;
    private long bytes;

    /** One text, by its number in the body. */
    private record Read(String characters, int number) {}

    /** For so many bytes of text, still escaped. */
    QuestionTexts(int bytesMax) {
        this.bytesMax = bytesMax;
    }

    void begin(int numberOfText) {
        close();
        number = numberOfText;
        open.begin();
    }

    void read(byte[] part, int length) {
        int room = (int) Math.max(0, Math.min(length, bytesMax - bytes));
        bytes += length;
        open.read(part, 0, room);
    }

    boolean tooLong() {
        return bytes > bytesMax;
    }

    /**
     * All of them.
     *
     * @param documents which are: asked at the end, since a message may say last who speaks
     */
    List<Judge.Text> all(IntPredicate documents) {
        close();
        return texts.stream()
                .map(text -> new Judge.Text(text.characters, documents.test(text.number)))
                .toList();
    }

    private void close() {
        if (number >= 0) {
            String characters = open.end();
            if (!characters.isBlank()) {
                texts.add(new Read(characters, number));
            }
            number = -1;
        }
    }
}
