package headgate.loadtest.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks at a process and its children in /proc: CPU time so far, memory now. */
public final class ProcessWatch {
    /** The unit of /proc's CPU times, which is the same on every Linux that Java runs on (proc(5), sysconf(3)). */
    private static final double TICKS_PER_SECOND = 100;

    private static final Pattern RSS = Pattern.compile("VmRSS:\\s+([0-9]+) kB");

    private final long pid;

    /**
     * What was seen.
     *
     * @param cpuSeconds of user and system time since the process began
     * @param rssBytes resident memory
     */
    public record Sample(double cpuSeconds, long rssBytes) {
        /** Nothing, where there is no such process. */
        public static final Sample NONE = new Sample(0, 0);

        private Sample plus(Sample other) {
            return new Sample(cpuSeconds + other.cpuSeconds, rssBytes + other.rssBytes);
        }
    }

    /** Watches this process; 0 watches none. */
    public ProcessWatch(long pid) {
        this.pid = pid;
    }

    /** Watches the program that this runs in. */
    public static ProcessWatch own() {
        return new ProcessWatch(ProcessHandle.current().pid());
    }

    public Sample sample() {
        return pid == 0 ? Sample.NONE : sample(pid);
    }

    private static Sample sample(long pid) {
        Path process = Path.of("/proc", Long.toString(pid));
        try {
            String stat = Files.readString(process.resolve("stat"));
            // The name may hold blanks; what comes after its parenthesis does not. User time is field 14, system time
            // 15.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            double ticks = Double.parseDouble(fields[11]) + Double.parseDouble(fields[12]);
            Matcher rss = RSS.matcher(Files.readString(process.resolve("status")));
            Sample sum = new Sample(ticks / TICKS_PER_SECOND, rss.find() ? Long.parseLong(rss.group(1)) * 1024 : 0);
            // A proxy may work in children of the process that was started, as nginx does.
            String children = Files.readString(process.resolve("task/" + pid + "/children"));
            for (String child : children.strip().split(" ", -1)) {
                sum = child.isEmpty() ? sum : sum.plus(sample(Long.parseLong(child)));
            }
            return sum;
        } catch (IOException gone) {
            return Sample.NONE;
        }
    }
}
