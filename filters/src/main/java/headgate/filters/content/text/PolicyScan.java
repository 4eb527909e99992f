package headgate.filters.content.text;

import headgate.filters.content.TextRule;
import headgate.filters.content.TextScan;
import java.util.List;
import java.util.function.Function;

/** All scans of a policy, as one. */
final class PolicyScan implements TextScan {
    private final Matches matches = new Matches();
    private final Scan[] scans;
    private long offset;
    private boolean over;

    PolicyScan(List<Function<Matches, Scan>> scans) {
        this.scans = scans.stream().map(scan -> scan.apply(matches)).toArray(Scan[]::new);
        begin();
    }

    @Override
    public void begin() {
        offset = 0;
        over = false;
        matches.clear();
        for (Scan scan : scans) {
            scan.begin();
        }
    }

    @Override
    public void read(byte[] bytes, int from, int to) {
        for (Scan scan : scans) {
            scan.read(bytes, from, to, offset);
        }
        offset += to - from;
    }

    @Override
    public void end() {
        over = true;
        for (Scan scan : scans) {
            scan.end();
        }
    }

    @Override
    public long offset() {
        return offset;
    }

    @Override
    public long decided() {
        long decided = offset;
        for (int i = 0; i < scans.length && !over; i++) {
            decided = Math.min(decided, scans[i].decided(offset));
        }
        return decided;
    }

    @Override
    public int matchCount() {
        return matches.count();
    }

    @Override
    public long matchStart(int i) {
        return matches.start(i);
    }

    @Override
    public long matchEnd(int i) {
        return matches.end(i);
    }

    @Override
    public TextRule matchRule(int i) {
        return matches.rule(i);
    }
}
