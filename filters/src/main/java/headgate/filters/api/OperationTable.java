package headgate.filters.api;

import headgate.filters.api.ProxyError.Kind;
import headgate.filters.http.AnswerHead;
import headgate.filters.http.RequestHead;
import io.netty.util.AsciiString;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the operation that a request's path and method ask for (CONTRACT.md, section 1).
 *
 * <p>Paths are compared segment by segment after strict decoding; one that does not decode is not found.
 */
public final class OperationTable {
    private static final AsciiString ALLOW = AsciiString.cached("allow");
    private static final String NOT_FOUND = "Resource not found";

    private static final Pattern DATED_VERSION = Pattern.compile("\\d{4}-\\d{2}-\\d{2}(-preview)?");

    /** Whole paths, with the deployment in the body, a header or the query, or with none. */
    private static final Map<String, OperationMatch> PATHS = Map.ofEntries(
            path("/models/chat/completions", Surface.MODELS, Operation.CHAT_COMPLETIONS),
            path("/models/embeddings", Surface.MODELS, Operation.EMBEDDINGS),
            path("/models/images/embeddings", Surface.MODELS, Operation.IMAGE_EMBEDDINGS),
            path("/models/info", Surface.MODELS, Operation.MODEL_INFO),
            path("/openai/v1/chat/completions", Surface.V1, Operation.CHAT_COMPLETIONS),
            path("/openai/v1/completions", Surface.V1, Operation.COMPLETIONS),
            path("/openai/v1/embeddings", Surface.V1, Operation.EMBEDDINGS),
            path("/openai/v1/responses", Surface.V1, Operation.RESPONSES),
            path("/openai/v1/images/generations", Surface.V1, Operation.IMAGE_GENERATIONS),
            path("/openai/v1/audio/speech", Surface.V1, Operation.SPEECH),
            path("/openai/v1/models", Surface.V1, Operation.LIST_MODELS),
            path("/openai/responses", Surface.OPENAI, Operation.RESPONSES),
            path("/openai/models", Surface.OPENAI, Operation.LIST_MODELS),
            path("/openai/deployments", Surface.OPENAI, Operation.LIST_DEPLOYMENTS));

    /** What may stand behind {@code /openai/deployments/NAME/}. */
    private static final Map<String, Operation> OF_DEPLOYMENT = Map.of(
            "chat/completions", Operation.CHAT_COMPLETIONS,
            "completions", Operation.COMPLETIONS,
            "embeddings", Operation.EMBEDDINGS,
            "images/generations", Operation.IMAGE_GENERATIONS,
            "audio/speech", Operation.SPEECH);

    /** Paths of the contract below {@code /openai} that this gateway does not serve; the caller is told so. */
    private static final Set<String> NOT_SERVED = Set.of(
            "assistants",
            "threads",
            "vector_stores",
            "files",
            "uploads",
            "batches",
            "fine_tuning",
            "responses",
            "realtime",
            "conversations",
            "containers",
            "evals");

    private static final Set<String> NOT_SERVED_OF_DEPLOYMENT =
            Set.of("images/edits", "images/variations", "audio/transcriptions", "audio/translations");

    /** What {@code /models} never does; the dedicated paths are below {@code /openai/v1}. */
    private static final Set<String> NEVER_ON_MODELS = Set.of("batch", "batches", "files", "realtime");

    private OperationTable() {}

    /**
     * Finds what a request asks for.
     *
     * @throws ProxyError 404 for an unknown path, 405 for a wrong method, 400 or 404 for a wrong or missing api-version
     */
    public static OperationMatch require(RequestHead head) throws ProxyError {
        OperationMatch match = find(head.path());
        if (match == null) {
            throw refused(head.path());
        }
        if (!match.operation().allows(head.method())) {
            throw ProxyError.of(
                    Kind.METHOD_NOT_ALLOWED,
                    "This resource does not do " + head.method() + "; it does "
                            + match.operation().allow() + ".",
                    new AnswerHead.Field(ALLOW, match.operation().allow()));
        }
        requireVersion(match.surface(), QueryParameter.find(head.query(), "api-version"));
        if (match.operation() == Operation.MODEL_INFO) {
            return new OperationMatch(match.surface(), match.operation(), QueryParameter.find(head.query(), "model"));
        }
        return match;
    }

    /** What stands at a path, whatever the method; null when nothing does. */
    public static @Nullable OperationMatch find(String path) {
        OperationMatch match = PATHS.get(path);
        if (match != null) {
            return match;
        }
        String decoded = PathText.decode(path);
        if (decoded == null) {
            return null;
        }
        match = PATHS.get(decoded);
        if (match != null) {
            return match;
        }
        if (decoded.startsWith("/openai/deployments/")) {
            int name = "/openai/deployments/".length();
            int slash = decoded.indexOf('/', name);
            Operation operation = slash < 0 ? null : OF_DEPLOYMENT.get(decoded.substring(slash + 1));
            return operation == null
                    ? null
                    : new OperationMatch(Surface.OPENAI, operation, decoded.substring(name, slash));
        }
        match = model(decoded, "/openai/v1/models/", Surface.V1);
        return match != null ? match : model(decoded, "/openai/models/", Surface.OPENAI);
    }

    private static @Nullable OperationMatch model(String path, String prefix, Surface surface) {
        return path.startsWith(prefix) && path.indexOf('/', prefix.length()) < 0
                ? new OperationMatch(surface, Operation.GET_MODEL, path.substring(prefix.length()))
                : null;
    }

    private static ProxyError refused(String path) {
        String[] segments = path.split("/", -1);
        if (segments.length > 2 && segments[1].equals("models") && NEVER_ON_MODELS.contains(segments[2])) {
            return ProxyError.of(
                    Kind.OPERATION_NOT_SUPPORTED,
                    "The models surface does not do " + segments[2] + ". Use /openai/v1/" + segments[2] + ".");
        }
        if (segments.length > 2 && segments[1].equals("openai") && isNotServed(segments)) {
            return ProxyError.of(Kind.NOT_FOUND, NOT_FOUND + ". This gateway does not serve " + path + " yet.");
        }
        return ProxyError.of(Kind.NOT_FOUND, NOT_FOUND);
    }

    private static boolean isNotServed(String[] segments) {
        int first = segments[2].equals("v1") && segments.length > 3 ? 3 : 2;
        if (segments[2].equals("deployments") && segments.length > 4) {
            first = 4;
        }
        String rest = String.join("/", Arrays.copyOfRange(segments, first, segments.length));
        return NOT_SERVED.contains(segments[first]) || NOT_SERVED_OF_DEPLOYMENT.contains(rest);
    }

    private static void requireVersion(Surface surface, @Nullable String version) throws ProxyError {
        if (version == null || version.isEmpty()) {
            switch (surface) {
                case V1 -> {}
                case OPENAI ->
                    throw ProxyError.of(Kind.NOT_FOUND, NOT_FOUND + ". The query parameter api-version is missing.");
                case MODELS -> throw ProxyError.of(Kind.BAD_REQUEST, "The query parameter api-version is missing.");
            }
            return;
        }
        boolean named = surface == Surface.V1 && (version.equals("v1") || version.equals("preview"));
        if (!named && !DATED_VERSION.matcher(version).matches()) {
            throw ProxyError.of(Kind.BAD_REQUEST, "API version not supported");
        }
    }

    private static Map.Entry<String, OperationMatch> path(String path, Surface surface, Operation operation) {
        return Map.entry(path, new OperationMatch(surface, operation, null));
    }
}
