package headgate.loadtest.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;

/** Draws lines over common axes as an SVG, coloured by the page around it. */
final class Plot {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 260;
    private static final int LEFT = 56;
    private static final int RIGHT = 26;
    private static final int TOP = 12;
    private static final int BOTTOM = 34;
    private static final int TICKS = 5;

    private final String title;
    private final String xName;
    private final List<Line> lines = new ArrayList<>();
    private List<Tick> xTicks = List.of();
    private DoubleUnaryOperator xScale = x -> x;

    /** A line with its name, drawn in the style of its number. */
    private record Line(String name, int style, List<Double> xs, List<Double> ys) {}

    /** A mark on the horizontal axis. */
    record Tick(double at, String label) {}

    Plot(String title, String xName) {
        this.title = title;
        this.xName = xName;
    }

    /** Puts the horizontal axis on another scale, with marks of its own. */
    Plot scaled(DoubleUnaryOperator scale, List<Tick> ticks) {
        xScale = scale;
        xTicks = ticks;
        return this;
    }

    /** Adds a line; styles go from 0 to 5. Ones without points or with nothing but zeros are left out. */
    Plot line(String name, int style, List<Double> xs, List<Double> ys) {
        if (!xs.isEmpty() && ys.stream().anyMatch(y -> y > 0)) {
            lines.add(new Line(name, style, xs, ys));
        }
        return this;
    }

    /** The figure as HTML; empty if there is nothing to draw. */
    String html() {
        if (lines.isEmpty()) {
            return "";
        }
        double left = lines.stream()
                .flatMap(line -> line.xs().stream())
                .mapToDouble(this::scaled)
                .min()
                .orElse(0);
        double right = lines.stream()
                .flatMap(line -> line.xs().stream())
                .mapToDouble(this::scaled)
                .max()
                .orElse(1);
        double step = step(lines.stream()
                .flatMap(line -> line.ys().stream())
                .mapToDouble(y -> y)
                .filter(Double::isFinite)
                .max()
                .orElse(1));
        double top = step * TICKS;
        double width = right > left ? right - left : 1;
        StringBuilder svg = new StringBuilder();
        put(svg, "<figure><figcaption>%s", title);
        for (Line line : lines) {
            put(svg, " <span class=\"s%d\">&#9644;&#160;%s</span>", line.style(), escaped(line.name()));
        }
        put(svg, "</figcaption>%n<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">%n", WIDTH, HEIGHT, title);
        for (int tick = 0; tick <= TICKS; tick++) {
            double y = y(tick * step, top);
            put(svg, "<path class=\"grid\" d=\"M%d %.1fH%d\"/>", LEFT, y, WIDTH - RIGHT);
            put(svg, "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>%n", LEFT - 6, y + 4, number(tick * step));
        }
        for (Tick tick : xTicks.isEmpty() ? evenTicks(left, width) : xTicks) {
            double x = x((scaled(tick.at()) - left) / width);
            if (x >= LEFT - 1 && x <= WIDTH - RIGHT + 1) {
                put(svg, "<path class=\"grid\" d=\"M%.1f %dV%d\"/>", x, TOP, HEIGHT - BOTTOM);
                put(
                        svg,
                        "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>%n",
                        x,
                        HEIGHT - BOTTOM + 15,
                        tick.label());
            }
        }
        put(svg, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>%n", WIDTH - RIGHT, HEIGHT - 3, xName);
        for (Line line : lines) {
            // A point without a value is a hole, not a zero.
            boolean open = false;
            for (int point = 0; point < Math.min(line.xs().size(), line.ys().size()); point++) {
                boolean known = Double.isFinite(line.ys().get(point));
                if (known != open) {
                    put(svg, known ? "<polyline class=\"s%d\" points=\"" : "\"/>%n", line.style());
                    open = known;
                }
                if (known) {
                    double x = x((scaled(line.xs().get(point)) - left) / width);
                    put(svg, "%.1f,%.1f ", x, y(line.ys().get(point), top));
                }
            }
            put(svg, open ? "\"/>%n" : "");
        }
        return svg.append("</svg></figure>\n").toString();
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private double scaled(double x) {
        return xScale.applyAsDouble(x);
    }

    private static double x(double share) {
        return LEFT + share * (WIDTH - LEFT - RIGHT);
    }

    private static double y(double value, double top) {
        return HEIGHT - BOTTOM - value / top * (HEIGHT - TOP - BOTTOM);
    }

    private static List<Tick> evenTicks(double from, double width) {
        double step = step(width);
        List<Tick> ticks = new ArrayList<>();
        for (double at = Math.ceil(from / step) * step; at <= from + width; at += step) {
            ticks.add(new Tick(at, number(at)));
        }
        return ticks;
    }

    /** The least of 1, 2 and 5 times a power of ten of which {@link #TICKS} reach the most. */
    private static double step(double most) {
        double raw = Math.max(1e-6, most / TICKS);
        double power = Math.pow(10, Math.floor(Math.log10(raw)));
        double digits = raw / power;
        return power * (digits <= 1 ? 1 : digits <= 2 ? 2 : digits <= 5 ? 5 : 10);
    }

    private static String number(double value) {
        String text = String.format(Locale.ROOT, value >= 100 ? "%.0f" : "%.3f", value);
        return text.contains(".") ? text.replaceFirst("\\.?0+$", "") : text;
    }

    private static void put(StringBuilder svg, String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values));
    }
}
