package dev.dsg.standalone.dataset.importing;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.job.WireNamed;
import dev.dsg.engine.EngineException;
import dev.dsg.standalone.catalog.LabelledImages;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;

/** The forms in which labelled images are read. */
public enum DatasetFormat implements WireNamed {
    /** CIFAR-10's binary version: its folder, or the archive. */
    CIFAR10,
    /** CIFAR-100's binary version, with its fine labels: its folder, or the archive. */
    CIFAR100,
    /** MNIST and what is published in its form: a folder, or the file of the images with that of the labels beside it. */
    IDX,
    /** A folder with a folder of images for each class. */
    FOLDER,
    /** A folder of images, and a file that says the class of each. */
    IMAGENET,
    /** A file with a line {@code path,label} for each image. */
    LIST;

    /** The wire names of all. */
    public static List<String> names() {
        return Arrays.stream(values()).map(WireNamed::wireName).toList();
    }

    /**
     * Tells what lies at a path.
     *
     * @throws DsgException {@code INVALID_FIELD} when it is not there, or nothing that is known
     */
    public static DatasetFormat of(Origin origin) {
        var path = origin.path();
        if (!Files.exists(path)) {
            throw DsgException.invalid("PATH", path, "a folder or file that is there");
        }
        return Arrays.stream(values())
                .filter(format -> format.lies(origin))
                .findFirst()
                .orElseThrow(() -> DsgException.invalid(
                        "PATH",
                        path,
                        "something that is known as " + String.join(", ", names())
                                + "; --format says which, and why it is not"));
    }

    private boolean lies(Origin origin) {
        var path = origin.path();
        return switch (this) {
            case CIFAR10 -> CifarArchive.CIFAR10.lies(path);
            case CIFAR100 -> CifarArchive.CIFAR100.lies(path);
            case IDX -> IdxFiles.lie(path, origin.part());
            case FOLDER ->
                Files.isDirectory(path)
                        && origin.truth().isEmpty()
                        && !ImageFolder.classes(path).isEmpty();
            case IMAGENET -> Files.isDirectory(path) && origin.truth().isPresent();
            case LIST -> Files.isRegularFile(path) && path.toString().matches("(?i).*\\.(csv|txt|tsv|lst)");
        };
    }

    /**
     * Reads what lies somewhere: the labels, and where the images are; pixels of files are read later.
     *
     * @throws EngineException for files that are not what they should be, each by its name
     * @throws DsgException {@code INVALID_FIELD} for arguments that make no sense
     */
    public LabelledImages read(Origin origin) {
        if (!Files.exists(origin.path())) {
            throw DsgException.invalid("PATH", origin.path(), "a folder or file that is there");
        }
        if (origin.truth().isPresent() != (this == IMAGENET)) {
            throw DsgException.invalid(
                    "--truth",
                    origin.truth().orElse(null),
                    this == IMAGENET ? "the file that says the class of each image" : "nothing for " + wireName());
        }
        return switch (this) {
            case CIFAR10 -> CifarArchive.CIFAR10.read(origin);
            case CIFAR100 -> CifarArchive.CIFAR100.read(origin);
            case IDX -> new IdxFiles(origin).read();
            case FOLDER -> new ImageFolder(origin).read();
            case IMAGENET -> new FlatFolder(origin).read();
            case LIST -> new ListFile(origin).read();
        };
    }
}
