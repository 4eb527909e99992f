package headgate.filters.quota;

import headgate.conf.RateLimitConfig;
import headgate.conf.RateLimitConfig.Mode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * All accounts in use, in bounded number: a new one takes the place of one in which nothing counts any more.
 *
 * <p>Shared by all event loops. Finding neither locks nor allocates; opening looks at a few others, in turn.
 */
final class QuotaAccounts {
    /** At each opening more than one is looked at, so that idle ones go faster than new ones come. */
    private static final int LOOKS = 4;

    private static final int LOOKS_WHEN_FULL = 256;

    private final Map<String, Map<String, QuotaAccount>> byDeployment = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicReference<@Nullable Turn> next = new AtomicReference<>();
    private final int countMax;
    private final MeterMaker meters;

    /** One way through all accounts, while they come and go. */
    private final class Turn {
        private final Iterator<Map<String, QuotaAccount>> deployments =
                byDeployment.values().iterator();
        private Iterator<QuotaAccount> accounts = Collections.emptyIterator();

        @Nullable
        QuotaAccount next() {
            while (!accounts.hasNext()) {
                if (!deployments.hasNext()) {
                    return null;
                }
                accounts = deployments.next().values().iterator();
            }
            return accounts.next();
        }
    }

    QuotaAccounts(int countMax, MeterMaker meters) {
        this.countMax = countMax;
        this.meters = meters;
    }

    @Nullable
    QuotaAccount find(String deployment, String principal) {
        Map<String, QuotaAccount> accounts = byDeployment.get(deployment);
        return accounts == null ? null : accounts.get(principal);
    }

    /** Opens an account, or finds the one that somebody else has just opened; null when there are too many in use. */
    @Nullable
    QuotaAccount tryOpen(
            String deployment, String principal, RateLimitConfig limits, long provisioned, Mode mode, long now) {
        evict(LOOKS, now);
        if (count.get() >= countMax) {
            evict(LOOKS_WHEN_FULL, now);
        }
        if (count.incrementAndGet() > countMax) {
            count.decrementAndGet();
            return find(deployment, principal);
        }
        QuotaAccount opened = new QuotaAccount(deployment, principal, limits, provisioned, mode, meters);
        QuotaAccount other = byDeployment
                .computeIfAbsent(deployment, name -> new ConcurrentHashMap<>())
                .putIfAbsent(principal, opened);
        if (other != null) {
            count.decrementAndGet();
            return other;
        }
        return opened;
    }

    List<QuotaAccount> all() {
        List<QuotaAccount> all = new ArrayList<>();
        byDeployment.values().forEach(accounts -> all.addAll(accounts.values()));
        return all;
    }

    /** Looks at the next few. Two at once go different ways, of which one is forgotten. */
    private void evict(int looks, long now) {
        Turn found = next.getAndSet(null);
        Turn turn = found == null ? new Turn() : found;
        for (int i = 0; i < looks; i++) {
            QuotaAccount account = turn.next();
            if (account == null) {
                return; // The next one begins another turn.
            }
            if (account.tryEvict(now)) {
                forget(account);
            }
        }
        next.set(turn);
    }

    /** Makes room for another of the same name; of one that is forgotten already it changes nothing. */
    void forget(QuotaAccount account) {
        Map<String, QuotaAccount> accounts = byDeployment.get(account.deployment());
        if (accounts != null && accounts.remove(account.principal(), account)) {
            count.decrementAndGet();
        }
    }
}
