package dev.dsg.standalone.dataset.importing;

import dev.dsg.standalone.catalog.LabelledImages;
import dev.dsg.standalone.dataset.importing.FileParts.Labelled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A folder with a folder of images for each class. Classes are numbered in the order of their names, or as a file says.
 *
 * @param origin where it lies
 */
record ImageFolder(Origin origin) {

    /** The folders of classes, sorted by name. */
    static List<Path> classes(Path folder) {
        try (var below = Files.list(folder)) {
            return below.filter(Files::isDirectory)
                    .filter(path -> !path.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw Refusal.unreadable(folder, e);
        }
    }

    LabelledImages read() {
        var folders = classes(origin.path());
        var names = origin.classes().map(ClassNames::read).orElseGet(() -> named(folders));
        var files = new ArrayList<Labelled>();
        for (var folder : folders) {
            var name = folder.getFileName().toString();
            var label = names.number(name, folder.toString());
            var images = FileParts.images(folder);
            if (images.isEmpty()) {
                throw Refusal.of(folder, "without images", "a folder of JPEG or PNG files");
            }
            images.forEach(image -> files.add(new Labelled(image, label)));
        }
        return new LabelledImages(names.names(), "the folder " + origin.path().getFileName(), FileParts.cut(files));
    }

    private ClassNames named(List<Path> folders) {
        return ClassNames.of(
                folders.stream().map(path -> path.getFileName().toString()).toList(), origin.path());
    }
}
