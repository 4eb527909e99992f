package headgate.loadtest.provider;

/** Writes the usage of an answer in the three forms that operations have. */
final class Usage {
    private Usage() {}

    /** As chat completions and completions tell it. */
    static String ofCompletion(int prompt, int completion) {
        return "{\"prompt_tokens\":" + prompt + ",\"completion_tokens\":" + completion + ",\"total_tokens\":"
                + (prompt + completion)
                + ",\"prompt_tokens_details\":{\"cached_tokens\":0,\"audio_tokens\":0}"
                + ",\"completion_tokens_details\":{\"reasoning_tokens\":0,\"audio_tokens\":0"
                + ",\"accepted_prediction_tokens\":0,\"rejected_prediction_tokens\":0}}";
    }

    /** As embeddings tell it. */
    static String ofEmbedding(int prompt) {
        return "{\"prompt_tokens\":" + prompt + ",\"total_tokens\":" + prompt + "}";
    }

    /** As responses and images tell it. */
    static String ofResponse(int input, int output) {
        return "{\"input_tokens\":" + input + ",\"input_tokens_details\":{\"cached_tokens\":0},\"output_tokens\":"
                + output + ",\"output_tokens_details\":{\"reasoning_tokens\":0},\"total_tokens\":" + (input + output)
                + "}";
    }
}
