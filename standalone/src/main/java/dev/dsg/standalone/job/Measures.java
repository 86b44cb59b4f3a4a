package dev.dsg.standalone.job;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** What learning measures on its way, in words. */
final class Measures {

    private static final Map<String, String> WORDS =
            Map.of("loss", "loss %.4g", "agreement", "agreement %.1f %%", "imagesPerSecond", "%.0f images/s");

    private Measures() {}

    /** The measures that people want to see, those that were taken. */
    static Stream<String> words(Map<String, Double> measures) {
        return Stream.of("loss", "agreement", "imagesPerSecond")
                .filter(measures::containsKey)
                .map(name -> String.format(Locale.ROOT, WORDS.get(name), shown(name, measures.get(name))));
    }

    private static double shown(String name, double value) {
        return name.equals("agreement") ? 100 * value : value;
    }
}
