package headgate.filters.content.prompt;

import headgate.filters.content.Judge;
import headgate.filters.content.text.PlainText;
import java.util.ArrayList;
import java.util.List;

/** The texts of a prompt as judges are given them, within a bound. */
final class QuestionTexts {
    private final int bytesMax;
    private final List<Judge.Text> texts = new ArrayList<>();
    private final PlainText open = new PlainText();
    private boolean document;
    private boolean begun;
    private long bytes;

    /** For so many bytes of text, still escaped. */
    QuestionTexts(int bytesMax) {
        this.bytesMax = bytesMax;
    }

    void begin(boolean isDocument) {
        close();
        begun = true;
        document = isDocument;
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

    List<Judge.Text> all() {
        close();
        return texts;
    }

    private void close() {
        if (begun) {
            begun = false;
            String characters = open.end();
            if (!characters.isBlank()) {
                texts.add(new Judge.Text(characters, document));
            }
        }
    }
}
