package headgate.filters.content.judge;

import headgate.filters.content.Judge.Text;
import java.util.ArrayList;
import java.util.List;

/** Cuts long texts into pieces that a service takes; neighbours overlap, so that nothing hides at a seam. */
final class Pieces {
    /** What one piece has in common with the next: this part of its length. */
    private static final int OVERLAP_SHARE = 10;

    private Pieces() {}

    static List<Text> of(List<Text> texts, int charactersMax) {
        List<Text> pieces = new ArrayList<>(texts.size());
        for (Text text : texts) {
            String whole = text.characters();
            int from = 0;
            while (whole.length() - from > charactersMax) {
                int to = atCharacter(whole, from + charactersMax);
                pieces.add(new Text(whole.substring(from, to), text.document()));
                from = atCharacter(whole, to - charactersMax / OVERLAP_SHARE);
            }
            if (!whole.isBlank()) {
                pieces.add(from == 0 ? text : new Text(whole.substring(from), text.document()));
            }
        }
        return pieces;
    }

    /** This place, or the one before where it stands between the halves of a surrogate pair. */
    private static int atCharacter(String text, int at) {
        return Character.isLowSurrogate(text.charAt(at)) && Character.isHighSurrogate(text.charAt(at - 1))
                ? at - 1
                : at;
    }
}
