package dev.dsg.standalone.job;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Guesses what somebody meant who mistyped a name. */
public final class NearestName {

    private NearestName() {}

    /** The names, first the one that is fewest edits away, if half of it is right. */
    public static List<String> marked(String mistyped, List<String> names) {
        var nearest = names.stream()
                .min(Comparator.comparingInt(name -> edits(mistyped, name)))
                .filter(name -> edits(mistyped, name) <= name.length() / 2)
                .stream()
                .toList();
        var marked = new ArrayList<String>();
        nearest.forEach(name -> marked.add(name + " (the nearest)"));
        names.stream().filter(name -> !nearest.contains(name)).forEach(marked::add);
        return marked;
    }

    /** Levenshtein's distance, letters of either case alike. */
    static int edits(String one, String other) {
        var from = one.toLowerCase(Locale.ROOT);
        var to = other.toLowerCase(Locale.ROOT);
        var row = new int[to.length() + 1];
        for (var j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (var i = 1; i <= from.length(); i++) {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.length(); j++) {
                var replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[to.length()];
    }
}
