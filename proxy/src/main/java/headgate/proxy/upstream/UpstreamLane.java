package headgate.proxy.upstream;

import headgate.filters.ReadControl;

/**
 * The way of one exchange to an upstream and back: an HTTP/1.1 connection until it is free again, or one HTTP/2 stream.
 *
 * <p>Belongs to the event loop of its connection.
 */
interface UpstreamLane {
    /**
     * Gives the lane to a call.
     *
     * @param caller hears of the answer, until it ends or fails
     * @param method the request's method, which decides whether an answer has a body
     * @return what the request is written with
     */
    RequestWriter begin(AnswerListener caller, String method);

    /** Whether it takes more of a request's body. */
    boolean writable();

    /** Who may pause reading the answer. */
    ReadControl reads();

    /** The request's last byte has been written. */
    void requestSent();

    /** Gives the call up: the upstream is told, and the listener hears no more. */
    void cancel();
}
