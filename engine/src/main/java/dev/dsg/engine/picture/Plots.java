package dev.dsg.engine.picture;

import dev.dsg.engine.analysis.Cosines;
import dev.dsg.engine.analysis.NetworkAnalysis;
import dev.dsg.engine.analysis.NetworkAnalysis.Diversity;
import dev.dsg.engine.analysis.NetworkAnalysis.Layer;
import dev.dsg.engine.analysis.NetworkAnalysis.Statistics;
import java.awt.Color;
import java.awt.Font;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries.CategorySeriesRenderStyle;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.HeatMapChartBuilder;
import org.knowm.xchart.internal.chartpart.IChart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.AxesChartStyler.TextAlignment;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Plots of an analysis, as PNG files, in colours that those who see fewer can tell apart (Okabe and Ito, 2008). */
public final class Plots {

    private static final Color BLUE = new Color(0x00, 0x72, 0xB2);
    private static final Color VERMILION = new Color(0xD5, 0x5E, 0x00);
    private static final Color GREEN = new Color(0x00, 0x9E, 0x73);
    private static final Color ORANGE = new Color(0xE6, 0x9F, 0x00);
    private static final Color PURPLE = new Color(0xCC, 0x79, 0xA7);
    private static final Color[] COLOURS = {BLUE, VERMILION, GREEN, ORANGE, PURPLE};
    private static final Marker[] MARKERS = {
        SeriesMarkers.CIRCLE,
        SeriesMarkers.TRIANGLE_UP,
        SeriesMarkers.SQUARE,
        SeriesMarkers.DIAMOND,
        SeriesMarkers.CROSS
    };
    private static final Color DARK = new Color(0x00, 0x1F, 0x3F);
    private static final Color GRID = new Color(0xDD, 0xDD, 0xDD);
    private static final int MOST_LABELS = 64;
    private static final int HEIGHT = 560;
    /** Names of what is compared are longer than those of layers. */
    private static final int COMPARISON_HEIGHT = 840;

    private static final int MAP_WIDTH = 640;
    private static final int MAP_HEIGHT = 520;

    private Plots() {}

    /** The signal-to-quantization-noise ratios of all layers. */
    public static byte[] layers(NetworkAnalysis analysis) {
        List<String> names = analysis.layers().stream().map(Layer::name).toList();
        CategoryChart chart =
                perLayer("Signal to quantization noise, layer by layer", "SQNR in dB (more is better)", names);
        line(chart, "weights", names, SeriesMarkers.SQUARE, BLUE, analysis.layers(), Layer::weightSqnr);
        line(chart, "output of the layer", names, SeriesMarkers.CIRCLE, VERMILION, analysis.layers(), Layer::sqnr);
        line(
                chart,
                "output of the network if only this layer is quantized",
                names,
                SeriesMarkers.TRIANGLE_UP,
                GREEN,
                analysis.layers(),
                Layer::aloneSqnr);
        return png(chart);
    }

    /** How far the images are from what each BatchNorm remembers. */
    public static byte[] statistics(NetworkAnalysis analysis) {
        List<Statistics> layers = analysis.statistics();
        List<String> names = layers.stream().map(Statistics::name).toList();
        CategoryChart chart = perLayer(
                "Calibration images against what BatchNorm remembers",
                "distance, in running standard deviations",
                names);
        chart.getStyler().setYAxisMin(0.0);
        line(chart, "of means: |m - mu| / sigma", names, SeriesMarkers.CIRCLE, BLUE, layers, Statistics::mean);
        line(
                chart,
                "of deviations: |s - sigma| / sigma",
                names,
                SeriesMarkers.TRIANGLE_UP,
                VERMILION,
                layers,
                Statistics::deviation);
        return png(chart);
    }

    /** How alike the images are: a matrix of cosines between pixels beside one between features. */
    public static byte[] diversity(NetworkAnalysis analysis, Cosines pixels, Cosines features) {
        BufferedImage both = new BufferedImage(2 * MAP_WIDTH, MAP_HEIGHT, BufferedImage.TYPE_INT_RGB);
        var graphics = both.createGraphics();
        graphics.drawImage(image(map("pixels", pixels, analysis.pixels())), 0, 0, null);
        graphics.drawImage(image(map("features", features, analysis.features())), MAP_WIDTH, 0, null);
        graphics.dispose();
        return Png.bytes(both);
    }

    /**
     * One series of {@link #comparison}.
     *
     * @param name for the legend
     * @param means one a category; NaN where there is none
     * @param deviations to be drawn around them
     */
    public record Points(String name, List<Double> means, List<Double> deviations) {
        /** Refuses series whose parts differ in length. */
        public Points {
            if (means.size() != deviations.size()) {
                throw new IllegalArgumentException(means.size() + " means, " + deviations.size() + " deviations");
            }
        }
    }

    /** Means with their deviations, several series over the same categories. */
    public static byte[] comparison(String title, String unit, List<String> categories, List<Points> series) {
        CategoryChart chart = perCategory(title, unit, categories, COMPARISON_HEIGHT);
        chart.getStyler().setDefaultSeriesRenderStyle(CategorySeriesRenderStyle.Scatter);
        chart.getStyler().setYAxisDecimalPattern("0.0");
        for (int i = 0; i < series.size(); i++) {
            Points points = series.get(i);
            chart.addSeries(points.name(), categories, points.means(), points.deviations())
                    .setMarker(MARKERS[i % MARKERS.length])
                    .setMarkerColor(COLOURS[i % COLOURS.length])
                    .setLineColor(COLOURS[i % COLOURS.length]);
        }
        return png(chart);
    }

    private static CategoryChart perLayer(String title, String unit, List<String> names) {
        return perCategory(title, unit, names, HEIGHT);
    }

    private static CategoryChart perCategory(String title, String unit, List<String> names, int height) {
        CategoryChart chart = new CategoryChartBuilder()
                .title(title)
                .yAxisTitle(unit)
                .width(Math.clamp(160 + 28 * names.size(), 640, 1600))
                .height(height)
                .build();
        plain(chart.getStyler());
        // Otherwise each series would have its own place within a layer's column.
        chart.getStyler().setOverlapped(true);
        chart.getStyler()
                .setDefaultSeriesRenderStyle(CategorySeriesRenderStyle.Line)
                .setXAxisLabelRotation(90)
                .setXAxisLabelAlignmentVertical(TextAlignment.Right)
                .setXAxisMaxLabelCount(MOST_LABELS)
                .setLegendLayout(LegendLayout.Horizontal)
                .setLegendPosition(LegendPosition.OutsideS);
        return chart;
    }

    private interface Reading<T> {
        double of(T layer);
    }

    private static <T> void line(
            CategoryChart chart,
            String name,
            List<String> names,
            Marker marker,
            Color colour,
            List<T> layers,
            Reading<T> value) {
        chart.addSeries(name, names, layers.stream().map(value::of).toList())
                .setMarker(marker)
                .setMarkerColor(colour)
                .setLineColor(colour)
                .setLineWidth(1.5f);
    }

    private static HeatMapChart map(String what, Cosines cosines, Diversity diversity) {
        HeatMapChart chart = new HeatMapChartBuilder()
                .title(String.format(
                        Locale.ROOT,
                        "Cosines of %s: %.2f on average, %.1f different of %d",
                        what,
                        diversity.meanCosine(),
                        diversity.vendi(),
                        cosines.count()))
                .xAxisTitle("image")
                .yAxisTitle("image")
                .width(MAP_WIDTH)
                .height(MAP_HEIGHT)
                .build();
        plain(chart.getStyler());
        chart.getStyler()
                .setMin(Math.floor(100 * lowest(cosines)) / 100)
                .setMax(Math.ceil(100 * highest(cosines)) / 100)
                .setRangeColors(new Color[] {Color.WHITE, BLUE, DARK})
                .setHeatMapValueDecimalPattern("0.00")
                .setLegendPosition(LegendPosition.OutsideE)
                .setXAxisMaxLabelCount(8);
        List<Integer> numbers = IntStream.range(0, cosines.count()).boxed().toList();
        chart.addSeries("cosine", numbers, numbers, cells(cosines));
        return chart;
    }

    /** An image and itself are drawn like the two images that are most alike, for nothing lies between. */
    private static List<Number[]> cells(Cosines cosines) {
        List<Number[]> cells = new ArrayList<>();
        double highest = highest(cosines);
        for (int i = 0; i < cosines.values().length; i++) {
            double value = Math.min(cosines.values()[i], highest);
            cells.add(new Number[] {i % cosines.count(), i / cosines.count(), value});
        }
        return cells;
    }

    private static double lowest(Cosines cosines) {
        return IntStream.range(0, cosines.values().length)
                .mapToDouble(i -> cosines.values()[i])
                .min()
                .orElseThrow();
    }

    /** Between two images; of a single one, with itself. */
    private static double highest(Cosines cosines) {
        return IntStream.range(0, cosines.values().length)
                .filter(i -> i / cosines.count() != i % cosines.count())
                .mapToDouble(i -> cosines.values()[i])
                .max()
                .orElse(1);
    }

    private static void plain(AxesChartStyler styler) {
        Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
        styler.setChartBackgroundColor(Color.WHITE)
                .setLegendBorderColor(Color.WHITE)
                .setLegendFont(font)
                .setChartTitleFont(font.deriveFont(Font.BOLD, 14));
        styler.setAxisTitleFont(font)
                .setAxisTickLabelsFont(font.deriveFont(11f))
                .setPlotGridLinesColor(GRID);
        styler.setPlotBorderVisible(false);
    }

    private static BufferedImage image(IChart chart) {
        return BitmapEncoder.getBufferedImage(chart);
    }

    private static byte[] png(IChart chart) {
        return Png.bytes(image(chart));
    }
}
