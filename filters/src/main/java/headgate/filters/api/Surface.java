package headgate.filters.api;

/** The three ways of addressing a deployment on the same port (CONTRACT.md, section 1). */
public enum Surface {
    /** {@code /models/…}: the deployment is named in the body or a header. */
    MODELS("models"),
    /** {@code /openai/deployments/NAME/…} and the older paths below {@code /openai}. */
    OPENAI("openai"),
    /** {@code /openai/v1/…}: the deployment is named in the body. */
    V1("v1");

    private final String word;

    Surface(String word) {
        this.word = word;
    }

    /** The name as it is written in logs. */
    public String word() {
        return word;
    }

    /** The surface that a path belongs to by its first segments; paths below no surface count as {@link #OPENAI}. */
    public static Surface ofPath(String path) {
        if (path.equals("/models") || path.startsWith("/models/")) {
            return MODELS;
        }
        return path.startsWith("/openai/v1/") ? V1 : OPENAI;
    }
}
