package dev.dsg.standalone.dataset.importing;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What classes there are when labels stand in a text file. */
final class Labels {

    /** More classes than any set has; a number beyond is a mistake in the file. */
    private static final int MOST = 1 << 20;

    private Labels() {}

    /**
     * The classes that a file names, if there is one; else as many as the largest number says if all labels are numbers; else
     * the labels, sorted.
     *
     * @param origin what errors call the labels
     */
    static ClassNames classes(List<String> labels, Optional<Path> file, Path origin) {
        if (file.isPresent()) {
            return ClassNames.read(file.get());
        }
        if (labels.stream().allMatch(label -> label.matches("\\d{1,9}"))) {
            var largest = labels.stream().mapToInt(Integer::parseInt).max().orElse(0);
            if (largest >= MOST) {
                throw Refusal.of(origin, "label " + largest, "labels below " + MOST);
            }
            return ClassNames.numbered(largest + 1, origin);
        }
        return ClassNames.of(labels.stream().distinct().sorted().toList(), origin);
    }
}
