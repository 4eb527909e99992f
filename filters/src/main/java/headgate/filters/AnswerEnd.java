package headgate.filters;

/** The message behind the last part of an answer: it is complete. */
public enum AnswerEnd {
    INSTANCE
}
