package headgate.filters;

import headgate.filters.api.OperationMatch;
import headgate.filters.api.ProxyError;
import headgate.filters.http.AnswerHead;
import headgate.filters.http.RequestHead;
import headgate.filters.json.JsonScanner;
import headgate.filters.trace.Trace;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer: all that the handlers of a pipeline know about it.
 *
 * <p>It is itself the message that opens a request, in front of the body's parts and {@link BodyEnd}. Each field has one
 * writer, named at its setter. Belongs to the event loop of its downstream channel.
 */
public final class Exchange {
    /** The one handler that ends exchanges: answers, failures, and callers that leave race, and it decides. */
    public interface Owner {
        /** Answers with an error, or cuts when the answer has already begun. Late calls change nothing. */
        void fail(Exchange exchange, ProxyError error);

        /** Answers from here, without an upstream. */
        void answer(Exchange exchange, int status, List<AnswerHead.Field> fields, byte[] body);
    }

    private final RequestHead head;
    private final String id;
    private final long startNanos;
    private final Owner owner;
    private final Downstream downstream;

    private @Nullable SocketAddress source;
    private @Nullable OperationMatch operation;
    private @Nullable Principal principal;
    private @Nullable String modelName;
    private @Nullable JsonScanner scan;
    private @Nullable Deployment deployment;
    private boolean dropsExtraParameters;
    private boolean asksUsage;
    private @Nullable Usage usage;
    private @Nullable String upstream;
    private @Nullable String upstreamRequestId;
    private List<AnswerHead.Field> rateLimitFields = List.of();
    private int attempts;
    private @Nullable Trace trace;
    private List<FailedCall> failedCalls = List.of();
    private long sentNanos;

    /**
     * Opens an exchange.
     *
     * @param id the request's id, the caller's own where it sent a usable one
     * @param startNanos {@link System#nanoTime()} when the head was complete
     * @param downstream the connection it came on
     */
    public Exchange(RequestHead head, String id, long startNanos, Owner owner, Downstream downstream) {
        this.head = head;
        this.id = id;
        this.startNanos = startNanos;
        this.owner = owner;
        this.downstream = downstream;
    }

    /** Answers with an error, or cuts when the answer has already begun. */
    public void fail(ProxyError error) {
        owner.fail(this, error);
    }

    /** Answers from here, without an upstream. */
    public void answer(int status, List<AnswerHead.Field> fields, byte[] body) {
        owner.answer(this, status, fields, body);
    }

    /** The request's head. */
    public RequestHead head() {
        return head;
    }

    /** The request's id; every answer carries it. */
    public String id() {
        return id;
    }

    /** {@link System#nanoTime()} when the head was complete. */
    public long startNanos() {
        return startNanos;
    }

    /** The connection it came on. */
    public Downstream downstream() {
        return downstream;
    }

    /** Where it is from: what a trusted proxy says of this request, or else of its connection. */
    public SocketAddress source() {
        return source == null ? downstream.source() : source;
    }

    /** Written by the source handler. */
    public void source(SocketAddress source) {
        this.source = source;
    }

    /** What is asked, on which surface; null before it is known. */
    public @Nullable OperationMatch operation() {
        return operation;
    }

    /** What is asked; only for those behind the handler that finds it. */
    public OperationMatch requireOperation() {
        return require(operation);
    }

    /** Written by the operation handler. */
    public void operation(OperationMatch operation) {
        this.operation = operation;
    }

    /** Who calls; null before it is known. */
    public @Nullable Principal principal() {
        return principal;
    }

    /** Who calls; only for those behind the handler that finds it. */
    public Principal requirePrincipal() {
        return require(principal);
    }

    /** Written by the identity handler. */
    public void principal(Principal principal) {
        this.principal = principal;
    }

    /** The deployment's name as the caller wrote it; null before it is known. */
    public @Nullable String modelName() {
        return modelName;
    }

    /** Written by the model handler. */
    public void modelName(String modelName) {
        this.modelName = modelName;
    }

    /** What is known of the body so far; complete when {@link BodyEnd} comes. Null where there is no JSON to read. */
    public @Nullable JsonScanner scan() {
        return scan;
    }

    /** Written by the model handler; it takes the scanner back when the exchange ends. */
    public void scan(@Nullable JsonScanner scan) {
        this.scan = scan;
    }

    /** The deployment; null before it is known. */
    public @Nullable Deployment deployment() {
        return deployment;
    }

    /** The deployment; only for those behind the handler that finds it. */
    public Deployment requireDeployment() {
        return require(deployment);
    }

    /** Written by the deployment handler. */
    public void deployment(Deployment deployment) {
        this.deployment = deployment;
    }

    /** Whether fields outside the surface's schema are cut out of the body. */
    public boolean dropsExtraParameters() {
        return dropsExtraParameters;
    }

    /** Written by the deployment handler. */
    public void dropsExtraParameters(boolean drops) {
        this.dropsExtraParameters = drops;
    }

    /** Whether the gateway asked for a usage event that the caller did not ask for, and takes it out again. */
    public boolean asksUsage() {
        return asksUsage;
    }

    /** Written by the relay, before the answer begins. */
    public void asksUsage(boolean asks) {
        this.asksUsage = asks;
    }

    /** What the upstream reported; null when it did not. */
    public @Nullable Usage usage() {
        return usage;
    }

    /** Written by the usage handler. */
    public void usage(Usage usage) {
        this.usage = usage;
    }

    /** The header fields by which every answer tells where the rate limits stand; none where nothing is limited. */
    public List<AnswerHead.Field> rateLimitFields() {
        return rateLimitFields;
    }

    /** Written by the quota handler. */
    public void rateLimitFields(List<AnswerHead.Field> fields) {
        rateLimitFields = fields;
    }

    /** The endpoint that was called last; null before any was. */
    public @Nullable String upstream() {
        return upstream;
    }

    /** How many upstream calls were made. */
    public int attempts() {
        return attempts;
    }

    /** Written by the relay, at each call. */
    public void attempt(String endpoint) {
        upstream = endpoint;
        attempts++;
        if (trace != null) {
            trace.callBegins(endpoint, System.nanoTime());
        }
    }

    /** Its place in a trace; null where nothing is traced. */
    public @Nullable Trace trace() {
        return trace;
    }

    /** Written by the exchange's owner, as it opens. */
    public void trace(@Nullable Trace trace) {
        this.trace = trace;
    }

    /** The calls that failed, in their order; none where the first one brought the answer. */
    public List<FailedCall> failedCalls() {
        return failedCalls;
    }

    /** Written by the relay, when the call that was made last has failed. */
    public void attemptFailed(String why) {
        addFailedCall(why);
        if (trace != null) {
            trace.callFailed(why, 0, System.nanoTime());
        }
    }

    /** Written by the relay, when it does not take the answer of the call that was made last. */
    public void attemptRefused(int status) {
        addFailedCall("status " + status);
        if (trace != null) {
            trace.callFailed(null, status, System.nanoTime());
        }
    }

    /** {@link System#nanoTime()} when a connection was there and the request's head was sent; 0 before. */
    public long sentNanos() {
        return sentNanos;
    }

    /** Written by the relay. */
    public void sentNanos(long nanos) {
        sentNanos = nanos;
    }

    /** The id that the upstream gave the call; null when it gave none. */
    public @Nullable String upstreamRequestId() {
        return upstreamRequestId;
    }

    /** Written by the relay. */
    public void upstreamRequestId(@Nullable String id) {
        upstreamRequestId = id;
    }

    private void addFailedCall(String why) {
        List<FailedCall> all = new ArrayList<>(failedCalls);
        all.add(new FailedCall(String.valueOf(upstream), why));
        failedCalls = all;
    }

    private static <T> T require(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("asked before it was known");
        }
        return value;
    }
}
