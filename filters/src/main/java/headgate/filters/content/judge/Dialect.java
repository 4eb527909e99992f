package headgate.filters.content.judge;

import headgate.conf.ContentFilterConfig.Category;
import headgate.conf.ContentFilterConfig.Source;
import headgate.filters.content.Judge.Text;
import headgate.filters.content.Verdict;
import headgate.filters.http.AnswerHead;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** What is spoken with one kind of service. */
interface Dialect {
    /** The operations that decide about these categories; those that the service knows nothing of are in none. */
    List<Operation> operations(Source source, Set<Category> categories);

    /** The header fields of each call, its body's signature among them. */
    List<AnswerHead.Field> fields(byte[] body);

    /** One operation of the service, for the categories that it was asked about. */
    interface Operation {
        /** What is added to the service's URL. */
        String path();

        /** What it decides about, of what was asked. */
        Set<Category> categories();

        /** How many texts one call takes. */
        int textsMax();

        /** How many characters they have together at most. */
        default int charactersMax() {
            return Integer.MAX_VALUE;
        }

        /** What else a verdict depends on than the path, the categories and the text. */
        default String context() {
            return "";
        }

        /** Whether a text is any of its business. */
        boolean takes(Text text);

        /** The call's body. */
        byte[] body(List<Text> texts) throws IOException;

        /**
         * Reads an answer.
         *
         * @return a verdict for each text, in their order
         * @throws IOException if it is not what the service's specification says
         */
        List<Verdict> read(byte[] answer, List<Text> texts) throws IOException;
    }
}
