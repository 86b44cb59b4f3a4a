package dev.dsg.standalone.dataset.importing;

import dev.dsg.engine.data.ImageSet;
import dev.dsg.standalone.catalog.LabelledImages;
import dev.dsg.standalone.dataset.Cifar10;
import dev.dsg.standalone.dataset.CifarRecords;
import dev.dsg.standalone.dataset.Part;
import dev.dsg.standalone.dataset.Tarball;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The binary version of CIFAR-10 or CIFAR-100: the folder as unpacked, the folder around it, or the archive.
 *
 * @param title what people call it
 * @param folder the folder in the archive
 * @param records the form of the files
 * @param test the files of the test images
 * @param train the files of the training images
 * @param names the file of the names of the classes, if there is one of that form
 */
record CifarArchive(
        String title,
        String folder,
        CifarRecords records,
        List<String> test,
        List<String> train,
        Optional<String> names) {

    static final CifarArchive CIFAR10 = new CifarArchive(
            "CIFAR-10",
            "cifar-10-batches-bin",
            new CifarRecords(1, 10),
            List.of("test_batch.bin"),
            Stream.of(1, 2, 3, 4, 5).map(i -> "data_batch_" + i + ".bin").toList(),
            Optional.empty());
    static final CifarArchive CIFAR100 = new CifarArchive(
            "CIFAR-100",
            "cifar-100-binary",
            new CifarRecords(2, 100),
            List.of("test.bin"),
            List.of("train.bin"),
            Optional.of("fine_label_names.txt"));

    /** Whether it lies at a path. */
    boolean lies(Path path) {
        return Files.isDirectory(path)
                ? Stream.concat(test.stream(), train.stream())
                        .anyMatch(file -> Files.exists(inner(path).resolve(file)))
                : path.getFileName().toString().startsWith(archive());
    }

    private String archive() {
        return folder.replace("-batches-bin", "-binary");
    }

    private Path inner(Path path) {
        return Files.isDirectory(path.resolve(folder)) ? path.resolve(folder) : path;
    }

    LabelledImages read(Origin origin) {
        if (Files.isDirectory(origin.path())) {
            return read(origin, inner(origin.path()));
        }
        try {
            var unpacked = Files.createTempDirectory("dsg-cifar");
            try {
                var wanted = Stream.concat(files(origin.part()).stream(), names.stream())
                        .map(file -> folder + "/" + file)
                        .toList();
                new Tarball(origin.path()).unpack(wanted, unpacked);
                return read(origin, unpacked);
            } finally {
                delete(unpacked);
            }
        } catch (IOException e) {
            throw Refusal.of(
                    origin.path(),
                    "unreadable (" + e.getMessage() + ")",
                    "the archive of " + title + "'s binary version");
        }
    }

    private LabelledImages read(Origin origin, Path unpacked) {
        var sets = new ArrayList<ImageSet>();
        for (var file : files(origin.part())) {
            sets.add(records.read(file, Refusal.bytes(unpacked.resolve(file))));
        }
        var part = origin.part() == Part.TEST ? ", test images" : ", training images";
        return LabelledImages.of(classes(origin, unpacked).names(), title + part, ImageSet.concat(sets));
    }

    private List<String> files(Part part) {
        return part == Part.TEST ? test : train;
    }

    private ClassNames classes(Origin origin, Path unpacked) {
        var file = origin.classes().or(() -> names.map(unpacked::resolve));
        var classes = file.map(ClassNames::read).orElseGet(() -> ClassNames.of(Cifar10.CLASSES, title));
        if (classes.count() != records.classes()) {
            throw Refusal.of(
                    classes.origin(), classes.count() + " classes", records.classes() + ", as " + title + " has");
        }
        return classes;
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
