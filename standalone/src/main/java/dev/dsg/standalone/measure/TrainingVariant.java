package dev.dsg.standalone.measure;

import dev.dsg.standalone.job.NearestName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * One way to quantize or train in a study.
 *
 * @param name of its row in a table
 * @param fields of a job that make it what it is, each as {@code FIELD=VALUE}; later ones win
 */
public record TrainingVariant(String name, List<String> fields) {

    /** What all others are compared with. */
    static final String REFERENCE = "ptq";

    private static final Map<String, List<String>> NAMED = named();

    /** Copies the fields. */
    public TrainingVariant {
        fields = List.copyOf(fields);
    }

    /** The names that stand for fields without any being said. */
    public static List<String> names() {
        return List.copyOf(NAMED.keySet());
    }

    /**
     * Reads {@code NAME[:FIELD=VALUE]...}. What a known name stands for is meant beside what is said.
     *
     * @throws IllegalArgumentException for a name that is unknown and says nothing, and for what is no assignment
     */
    public static TrainingVariant parse(String text) {
        List<String> parts = Arrays.asList(text.strip().split(":", -1));
        String name = parts.getFirst();
        List<String> said = parts.subList(1, parts.size());
        if (name.isBlank() || (said.isEmpty() && !NAMED.containsKey(name))) {
            throw new IllegalArgumentException("\"" + name + "\" is not a variant, expected NAME:FIELD=VALUE or one of "
                    + String.join(", ", NearestName.marked(name, names())));
        }
        for (String field : said) {
            if (field.indexOf('=') < 1) {
                throw new IllegalArgumentException(
                        "\"" + field + "\" of variant " + name + " is not of the form FIELD=VALUE");
            }
        }
        List<String> fields = new ArrayList<>(NAMED.getOrDefault(name, List.of()));
        fields.addAll(said);
        return new TrainingVariant(name, fields);
    }

    /** Each source as it is, without each of the three parts of DSG, and without all of them. */
    private static Map<String, List<String>> named() {
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("sda", "synthesis.slackPercentile=0");
        parts.put("lse", "synthesis.layerEnhancement=0");
        parts.put("sci", "synthesis.correlationInhibition=0");
        Map<String, List<String>> named = new LinkedHashMap<>();
        named.put(REFERENCE, List.of());
        for (String source : List.of("inversion", "generator")) {
            List<String> trained = List.of("quantization.scheme=qat", "training.source=" + source);
            named.put(source, trained);
            parts.forEach((part, off) -> named.put(source + "-no-" + part, joined(trained, List.of(off))));
            named.put(source + "-plain", joined(trained, parts.values()));
        }
        return Collections.unmodifiableMap(named);
    }

    private static List<String> joined(List<String> first, Collection<String> second) {
        List<String> all = new ArrayList<>(first);
        all.addAll(second);
        return List.copyOf(all);
    }

    /** Reads a variant from the command line. */
    public static final class Parser implements ITypeConverter<TrainingVariant> {
        @Override
        public TrainingVariant convert(String text) {
            try {
                return parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
