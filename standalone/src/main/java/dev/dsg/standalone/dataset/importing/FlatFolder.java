package dev.dsg.standalone.dataset.importing;

import dev.dsg.standalone.catalog.LabelledImages;
import dev.dsg.standalone.dataset.importing.FileParts.Labelled;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A folder of images, and a file with a line for each: {@code NAME CLASS}, or the class alone, in the order of the images'
 * names. That is how ImageNet's validation images are kept.
 *
 * @param origin where it lies
 */
record FlatFolder(Origin origin) {

    LabelledImages read() {
        var images = FileParts.images(origin.path());
        if (images.isEmpty()) {
            throw Refusal.of(origin.path(), "without images", "a folder of JPEG or PNG files");
        }
        var file = origin.truth().orElseThrow();
        var lines = Refusal.lines(file).stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        if (lines.size() != images.size()) {
            throw Refusal.of(file, lines.size() + " labels", images.size() + ", one per image in " + origin.path());
        }
        var labels = named(lines, images.getFirst()) ? byName(file, lines, images) : lines;
        var names = Labels.classes(labels, origin.classes(), file);
        var files = new ArrayList<Labelled>();
        for (var i = 0; i < images.size(); i++) {
            files.add(new Labelled(
                    images.get(i),
                    names.number(labels.get(i), file + ", " + images.get(i).getFileName())));
        }
        return new LabelledImages(names.names(), "the folder " + origin.path().getFileName(), FileParts.cut(files));
    }

    private static boolean named(List<String> lines, Path first) {
        var name = first.getFileName() + " ";
        return lines.stream().anyMatch(line -> line.replace('\t', ' ').startsWith(name));
    }

    /** The labels in the order of the images. */
    private static List<String> byName(Path file, List<String> lines, List<Path> images) {
        Map<String, String> labels = new HashMap<>();
        for (var line : lines) {
            var words = line.split("\\s+", 2);
            if (words.length < 2 || labels.put(words[0], words[1]) != null) {
                throw Refusal.of(file, line, "NAME CLASS, each name once");
            }
        }
        return images.stream()
                .map(image -> image.getFileName().toString())
                .map(name -> Optional.ofNullable(labels.get(name))
                        .orElseThrow(() -> Refusal.of(file, "without " + name, "a label for each image")))
                .toList();
    }
}
