package headgate.filters.content.completion;

/** Takes what is decided of an answer. */
interface JudgedOutput {
    /** An event may go on, with its edits. */
    void release(AnswerEvent event);

    /** No more events may go on now. */
    void released();

    /** Everything has gone on, and nothing more will. */
    void complete();

    /** It cannot be judged, and the policy is that nothing goes on then. */
    void unavailable();
}
