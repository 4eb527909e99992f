package headgate.proxy.credential;

import java.util.concurrent.atomic.LongAdder;

/**
 * What became of one credential's tokens so far; may be read on any thread.
 *
 * @param fetched tokens that came
 * @param failed fetches that brought none
 * @param refused tokens that an upstream did not take, each counted once
 */
public record CredentialCounters(LongAdder fetched, LongAdder failed, LongAdder refused) {
    CredentialCounters() {
        this(new LongAdder(), new LongAdder(), new LongAdder());
    }
}
