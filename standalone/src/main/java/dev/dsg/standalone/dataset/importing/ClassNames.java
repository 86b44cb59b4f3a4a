package dev.dsg.standalone.dataset.importing;

import dev.dsg.engine.EngineException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The classes of a set, and what stands for each of them in labels: its name, its number from 0, and its WordNet id if it
 * has one.
 *
 * @param names in the order of the labels
 * @param numbers of what stands for a class
 * @param origin what errors call it
 */
record ClassNames(List<String> names, Map<String, Integer> numbers, String origin) {

    /** As ImageNet's {@code synset_words.txt} has it: {@code n01440764 tench, Tinca tinca}. */
    private static final Pattern SYNSET = Pattern.compile("(n\\d{8})\\s+(\\S.*)");

    /** Classes that are known by name. */
    static ClassNames of(List<String> names, Object origin) {
        var numbers = new HashMap<String, Integer>();
        for (var i = 0; i < names.size(); i++) {
            if (numbers.put(names.get(i), i) != null) {
                throw Refusal.of(origin, names.get(i) + " twice", "names that differ");
            }
        }
        if (names.size() < 2) {
            throw Refusal.of(origin, names.size() + " classes", "at least 2");
        }
        return new ClassNames(List.copyOf(names), numbers, origin.toString());
    }

    /** So many classes without names. */
    static ClassNames numbered(int count, Object origin) {
        return of(IntStream.range(0, count).mapToObj(Integer::toString).toList(), origin);
    }

    /**
     * Reads a file with the name of a class in each line, in the order of the labels; a WordNet id may stand before it.
     *
     * @throws EngineException for a name that is there twice, and for less than two
     */
    static ClassNames read(Path file) {
        var lines = Refusal.lines(file).stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        if (lines.isEmpty()
                || !lines.stream().allMatch(line -> SYNSET.matcher(line).matches())) {
            return of(lines, file);
        }
        var names = of(lines.stream().map(line -> synset(line, 2)).toList(), file);
        for (var i = 0; i < lines.size(); i++) {
            names.numbers.put(synset(lines.get(i), 1), i);
        }
        return names;
    }

    private static String synset(String line, int group) {
        var matcher = SYNSET.matcher(line);
        matcher.matches();
        return matcher.group(group);
    }

    int count() {
        return names.size();
    }

    /**
     * The number of a class.
     *
     * @param label its name, WordNet id or number
     * @param place what errors call where it stands
     */
    int number(String label, String place) {
        var known = numbers.get(label);
        if (known != null) {
            return known;
        }
        if (!label.matches("-?\\d{1,9}")) {
            throw Refusal.of(place, label, "one of the " + count() + " classes of " + origin);
        }
        return require(Integer.parseInt(label), place);
    }

    /** Checks that a number is that of a class. */
    int require(int label, Object place) {
        if (label < 0 || label >= count()) {
            throw Refusal.of(place, "label " + label, "a label in 0.." + (count() - 1) + " (labels count from 0)");
        }
        return label;
    }
}
