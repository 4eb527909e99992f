package headgate.proxy.upstream;

import headgate.filters.api.ProxyError;
import headgate.filters.http.AnswerHead;
import io.netty.buffer.ByteBuf;

/** Whoever waits for the answer on an upstream connection; called on its event loop. */
public interface AnswerListener {
    /** An interim answer (1xx) came. */
    void interim(AnswerHead head);

    /** The answer's head came. */
    void answerHead(AnswerHead head);

    /** A part of the answer's body came; passed to the listener. */
    void answerPart(ByteBuf part);

    /** The answer is complete. The connection is no longer the listener's. */
    void answerEnd();

    /** All that could be read for now has been. */
    void burstEnd();

    /** The answer will not come, or not whole. The connection is no longer the listener's. */
    void answerFailed(ProxyError error);

    /** The connection takes bytes again, or no more for now. */
    void writabilityChanged(boolean writable);
}
