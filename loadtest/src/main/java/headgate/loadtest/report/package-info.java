/**
 * Telling what a run saw: as text, as JSON, as percentiles for plotting, and as a page with pictures.
 *
 * <p>Anybody may enter. Reports are written once a run has ended, by the thread that made it; a report that was read back
 * is a {@link headgate.loadtest.report.Figures}, and comparisons and pages are made from nothing else.
 */
@NullMarked
package headgate.loadtest.report;

import org.jspecify.annotations.NullMarked;
