package headgate.loadtest.measure;

/**
 * What happened in one second of a run.
 *
 * @param at seconds since the start, at its end
 * @param started calls begun a second
 * @param ended calls ended a second
 * @param errors calls that ended badly
 * @param p50Millis of the total time of those that ended; not a number if none did
 * @param p99Millis as p50
 * @param cpu cores that the watched process used
 * @param ownCpu cores that the generator used
 * @param rssMebibytes memory of the watched process
 */
public record Second(
        double at,
        double started,
        double ended,
        long errors,
        double p50Millis,
        double p99Millis,
        double cpu,
        double ownCpu,
        double rssMebibytes) {}
