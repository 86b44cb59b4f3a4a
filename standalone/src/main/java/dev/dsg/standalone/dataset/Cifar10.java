package dev.dsg.standalone.dataset;

import dev.dsg.engine.data.ImageSet;
import dev.dsg.standalone.SystemProblem;
import dev.dsg.standalone.terminal.Terminal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * CIFAR-10 in a folder of this machine: fetched when it is first read, checked against a pinned digest, unpacked as far as
 * it is needed. Whatever publication it comes from, the images are the same in the same order.
 */
public final class Cifar10 {

    /** Its name in the store. */
    public static final String NAME = "cifar10";
    /** Its classes, in the order of the labels. */
    public static final List<String> CLASSES =
            List.of("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");

    private final Path folder;
    private final List<Publication> publications;
    private final Terminal terminal;

    /**
     * The data set in a folder.
     *
     * @param folder where archives are kept; made when absent
     */
    public Cifar10(Path folder, Terminal terminal) {
        this(folder, List.of(new NpmSheets(), new OfficialBinaries()), terminal);
    }

    Cifar10(Path folder, List<Publication> publications, Terminal terminal) {
        this.folder = folder;
        this.publications = publications;
        this.terminal = terminal;
    }

    /**
     * Reads a part, in the official order.
     *
     * @throws SystemProblem when it is not there and cannot be fetched
     */
    public ImageSet read(Part part) {
        try {
            Files.createDirectories(folder);
            var here = publications.stream().filter(one -> isHere(one, part)).findFirst();
            return read(here.isPresent() ? here.get() : fetchAny(), part);
        } catch (IOException e) {
            throw new UncheckedIOException("CIFAR-10 in " + folder, e);
        }
    }

    /** Whether a part can be read without fetching anything. */
    public boolean isHere(Part part) {
        return publications.stream().anyMatch(publication -> isHere(publication, part));
    }

    private boolean isHere(Publication publication, Part part) {
        return unpacked(publication, part) || Files.exists(archive(publication));
    }

    private ImageSet read(Publication publication, Part part) throws IOException {
        if (!unpacked(publication, part)) {
            requireIntact(publication);
            Files.createDirectories(entryFolder(publication));
            new Tarball(archive(publication)).unpack(publication.entries(part), entryFolder(publication));
        }
        return publication.read(entryFolder(publication), part);
    }

    private Publication fetchAny() throws IOException {
        var failures = new StringBuilder();
        for (var publication : publications) {
            if (publication.available()) {
                var failure = fetch(publication);
                if (failure.isEmpty()) {
                    return publication;
                }
                failures.append("\n  ").append(failure.get());
            }
        }
        throw new SystemProblem("CIFAR-10 could not be fetched:" + failures + "\nPut "
                + publications.getFirst().archive() + " or "
                + publications.getLast().archive() + " into " + folder
                + " yourself and try again.");
    }

    /** Fetches an archive, and says what went wrong if something did. */
    private Optional<String> fetch(Publication publication) throws IOException {
        try {
            publication.fetch(folder, terminal);
            requireIntact(publication);
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SystemProblem("interrupted while CIFAR-10 was fetched", e);
        } catch (SystemProblem e) {
            return Optional.of(e.getMessage());
        } catch (IOException e) {
            return Optional.of(e.toString());
        }
    }

    private void requireIntact(Publication publication) throws IOException {
        var archive = archive(publication);
        if (!publication.checksum().matches(archive)) {
            Files.delete(archive);
            throw new SystemProblem(archive + " was not what it should be ("
                    + publication.checksum().algorithm() + " differs) and is deleted; try again");
        }
    }

    private boolean unpacked(Publication publication, Part part) {
        return publication.entries(part).stream()
                .map(entry -> entryFolder(publication).resolve(Path.of(entry).getFileName()))
                .allMatch(Files::exists);
    }

    private Path archive(Publication publication) {
        return folder.resolve(publication.archive());
    }

    private Path entryFolder(Publication publication) {
        return folder.resolve(publication.archive().replaceAll("(\\.tar\\.gz|\\.tgz)$", ""));
    }
}
