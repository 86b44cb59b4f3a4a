package dev.dsg.standalone.dataset.importing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.engine.EngineException;
import dev.dsg.engine.data.ImageSet;
import dev.dsg.standalone.catalog.LabelledImages;
import dev.dsg.standalone.dataset.Cifar10;
import dev.dsg.standalone.dataset.Part;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Small files in each form: what is read of them, and what is said of those that are wrong. */
final class DatasetFormatTest {

    @TempDir
    private Path folder;

    private Path classes;
    private Path truth;
    private Part part = Part.TEST;

    @Test
    void shouldReadCifar10FromItsFolder() throws IOException {
        // Given two records, the second with red 1, green 2, blue 3 everywhere
        write("cifar-10-batches-bin/test_batch.bin", cifar(1, 7, 9));

        // When
        var images = read(DatasetFormat.CIFAR10, folder);

        // Then
        assertThat(images.classes()).isEqualTo(Cifar10.CLASSES);
        assertThat(labels(images)).containsExactly(7, 9);
        assertThat(images.parts().getFirst().read().image(1).pixels()).startsWith(1, 2, 3, 1, 2, 3);
        assertThat(images.source()).isEqualTo("CIFAR-10, test images");
    }

    @Test
    void shouldReadCifar100WithItsFineLabelsFromTheArchive() throws IOException {
        // Given
        var names = String.join(
                "\n", IntStream.range(0, 100).mapToObj(i -> "class " + i).toList());
        var archive = folder.resolve("cifar-100-binary.tar.gz");
        try (var tar = new TarArchiveOutputStream(new GZIPOutputStream(Files.newOutputStream(archive)))) {
            entry(tar, "cifar-100-binary/fine_label_names.txt", names.getBytes());
            entry(tar, "cifar-100-binary/train.bin", cifar(2, 99, 3));
        }
        part = Part.TRAIN;

        // When
        var images = read(DatasetFormat.CIFAR100, archive);

        // Then
        assertThat(labels(images)).containsExactly(99, 3);
        assertThat(images.classes()).hasSize(100).endsWith("class 99");
    }

    @Test
    void shouldRefuseCifarThatIsCutOffOrMislabelled() throws IOException {
        write("test_batch.bin", Arrays.copyOf(cifar(1, 1), 3_000));
        assertRefused(DatasetFormat.CIFAR10, "test_batch.bin is 3000 bytes, expected a multiple of 3073 bytes");

        write("test_batch.bin", cifar(1, 1, 10));
        assertRefused(DatasetFormat.CIFAR10, "test_batch.bin, image 1 is label 10, expected a label in 0..9");
    }

    @Test
    void shouldReadIdxFilesCompressedOrNot() throws IOException {
        // Given
        write("t10k-images-idx3-ubyte.gz", gzip(idx(new int[] {2, 1, 3}, 1, 2, 3, 4, 5, 255)));
        write("t10k-labels-idx1-ubyte", idx(new int[] {2}, 1, 0));

        // When
        var images = read(DatasetFormat.IDX, folder);

        // Then
        var set = (ImageSet) images.parts().getFirst().read();
        assertThat(set.pixels()).containsExactly(1, 2, 3, 4, 5, -1);
        assertThat(set.channels()).isEqualTo(1);
        assertThat(labels(images)).containsExactly(1, 0);
        assertThat(images.classes()).containsExactly("0", "1");
        assertThat(labels(read(DatasetFormat.IDX, folder.resolve("t10k-images-idx3-ubyte.gz"))))
                .containsExactly(1, 0);
    }

    @Test
    void shouldRefuseIdxFilesThatLie() throws IOException {
        var images = folder.resolve("t10k-images-idx3-ubyte");
        var labels = folder.resolve("t10k-labels-idx1-ubyte");
        assertRefused(
                DatasetFormat.IDX,
                folder + " is without " + images.getFileName() + ", expected that file, or " + images.getFileName()
                        + ".gz");

        write("t10k-images-idx3-ubyte", idx(new int[] {2}, 1, 0));
        write("t10k-labels-idx1-ubyte", idx(new int[] {2}, 1, 0));
        assertRefused(DatasetFormat.IDX, images + ", magic number is 0x00000801, expected 0x00000803");

        write("t10k-images-idx3-ubyte", idx(new int[] {2, 1, 3}, 1, 2, 3, 4, 5));
        assertRefused(DatasetFormat.IDX, images + " is 21 bytes, expected 22, as its head says [2, 1, 3]");

        write("t10k-images-idx3-ubyte", idx(new int[] {3, 1, 1}, 1, 2, 3));
        assertRefused(DatasetFormat.IDX, labels + " is 2 labels, expected 3, one per image of " + images);

        write("t10k-images-idx3-ubyte.gz", new byte[] {0x1f, (byte) 0x8b, 0});
        Files.delete(images);
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> read(DatasetFormat.IDX, folder))
                .withMessageStartingWith(images + ".gz is corrupt (");
    }

    @Test
    void shouldRefuseALabelThatHasNoName() throws IOException {
        write("t10k-images-idx3-ubyte", idx(new int[] {2, 1, 1}, 1, 2));
        write("t10k-labels-idx1-ubyte", idx(new int[] {2}, 0, 2));
        classes = write("names.txt", "shirt\nshoe\n".getBytes());

        assertRefused(
                DatasetFormat.IDX,
                folder.resolve("t10k-labels-idx1-ubyte")
                        + ", image 1 is label 2, expected a label in 0..1 (labels count from 0)");
    }

    @Test
    void shouldNumberTheFoldersOfClassesInTheOrderOfTheirNames() throws IOException {
        // Given
        write("dog/1.png", png(3));
        write("cat/b.JPG", png(2));
        write("cat/a.jpeg", png(1));
        write("cat/notes.txt", new byte[1]);
        write(".cache/x.png", png(1));

        // When
        var images = read(DatasetFormat.FOLDER, folder);

        // Then
        assertThat(images.classes()).containsExactly("cat", "dog");
        assertThat(labels(images)).containsExactly(0, 0, 1);
        assertThat(images.parts().getFirst().name(1)).endsWith("b.JPG");
        assertThat(images.parts().getFirst().read().image(2).width()).isEqualTo(3);
    }

    @Test
    void shouldNumberClassesAsAFileSays() throws IOException {
        write("n02084071/1.png", png(1));
        write("cat/1.png", png(1));
        classes = write("names.txt", "n02084071 dog, domestic dog\nn02121620\tcat\n".getBytes());

        var images = read(DatasetFormat.FOLDER, folder);

        assertThat(images.classes()).containsExactly("dog, domestic dog", "cat");
        assertThat(labels(images)).containsExactly(1, 0);
    }

    @Test
    void shouldRefuseClassesWithoutImagesOrName() throws IOException {
        write("cat/1.png", png(1));
        Files.createDirectory(folder.resolve("dog"));
        assertRefused(
                DatasetFormat.FOLDER,
                folder.resolve("dog") + " is without images, expected a folder of JPEG or PNG files");

        write("dog/1.png", png(1));
        classes = write("names.txt", "cat\nbird\n".getBytes());
        assertRefused(
                DatasetFormat.FOLDER, folder.resolve("dog") + " is dog, expected one of the 2 classes of " + classes);
    }

    @Test
    void shouldFindTheClassOfEachImageOfAFlatFolder() throws IOException {
        // Given
        write("val/b.png", png(1));
        write("val/a.png", png(1));
        var val = folder.resolve("val");

        // When / Then by name, and by order
        truth = write("val.txt", "b.png 1\na.png 0\n".getBytes());
        assertThat(labels(read(DatasetFormat.IMAGENET, val))).containsExactly(0, 1);
        truth = write("val.txt", "dog\ncat\n".getBytes());
        assertThat(labels(read(DatasetFormat.IMAGENET, val))).containsExactly(1, 0);
        classes = write("names.txt", "n00000001 dog\nn00000002 cat\n".getBytes());
        truth = write("val.txt", "n00000002\ndog\n".getBytes());
        assertThat(labels(read(DatasetFormat.IMAGENET, val))).containsExactly(1, 0);
    }

    @Test
    void shouldRefuseAFlatFolderWhoseImagesAreNotAllLabelled() throws IOException {
        write("val/a.png", png(1));
        write("val/b.png", png(1));
        var val = folder.resolve("val");

        truth = write("val.txt", "0\n".getBytes());
        assertRefused(DatasetFormat.IMAGENET, val, truth + " is 1 labels, expected 2, one per image in " + val);
        truth = write("val.txt", "a.png 0\nc.png 1\n".getBytes());
        assertRefused(DatasetFormat.IMAGENET, val, truth + " is without b.png, expected a label for each image");
        truth = write("val.txt", "1\n2\n".getBytes());
        classes = write("names.txt", "cat\ndog\n".getBytes());
        assertRefused(
                DatasetFormat.IMAGENET,
                val,
                truth + ", b.png is label 2, expected a label in 0..1 (labels count from 0)");
    }

    @Test
    void shouldReadAListWithHeadingAndQuotes() throws IOException {
        // Given
        write("one, or two.png", png(1));
        write("more/b.png", png(2));
        var list = write("list.csv", """
                path,label
                "one, or two.png",dog

                more/b.png, "a ""cat"" "
                """.getBytes());

        // When
        var images = read(DatasetFormat.LIST, list);

        // Then
        assertThat(images.classes()).containsExactly("a \"cat\"", "dog");
        assertThat(labels(images)).containsExactly(1, 0);
    }

    @Test
    void shouldRefuseAListByItsLine() throws IOException {
        write("a.png", png(1));
        var list = write("list.csv", "a.png,0\nb.png,1\n".getBytes());
        assertRefused(
                DatasetFormat.LIST,
                list,
                list + ", line 2 is " + folder.resolve("b.png") + ", which is missing, expected an image file");

        write("list.csv", "a.png,0\na.png\n".getBytes());
        assertRefused(DatasetFormat.LIST, list, list + ", line 2 is a.png, expected path,label");

        write("list.csv", "a.png,cat\na.png,bird\n".getBytes());
        classes = write("names.txt", "cat\ndog\n".getBytes());
        assertRefused(DatasetFormat.LIST, list, list + ", line 2 is bird, expected one of the 2 classes of " + classes);
    }

    @Test
    void shouldTellWhatLiesSomewhere() throws IOException {
        write("cifar10/test_batch.bin", cifar(1, 1));
        write("idx/t10k-images-idx3-ubyte.gz", new byte[1]);
        write("classes/cat/a.png", png(1));

        assertThat(detect("cifar10")).isEqualTo(DatasetFormat.CIFAR10);
        assertThat(detect("idx")).isEqualTo(DatasetFormat.IDX);
        assertThat(detect("classes")).isEqualTo(DatasetFormat.FOLDER);
        write("cifar-100-binary.tar.gz", new byte[1]);
        assertThat(detect("cifar-100-binary.tar.gz")).isEqualTo(DatasetFormat.CIFAR100);
        write("list.csv", new byte[1]);
        assertThat(detect("list.csv")).isEqualTo(DatasetFormat.LIST);
        truth = write("val.txt", new byte[1]);
        assertThat(detect("classes/cat")).isEqualTo(DatasetFormat.IMAGENET);
        truth = null;
        assertThatExceptionOfType(DsgException.class)
                .isThrownBy(() -> detect("classes/cat"))
                .withMessageContaining("cifar10, cifar100, idx, folder, imagenet, list");
        assertThatExceptionOfType(DsgException.class)
                .isThrownBy(() -> detect("nowhere"))
                .withMessageContaining("expected a folder or file that is there");
    }

    @Test
    void shouldCutFilesIntoShardsByTheirSize() throws IOException {
        var large = Arrays.copyOf(png(1), (int) LabelledImages.SHARD_BYTES / 2);
        write("cat/1.png", large);
        write("cat/2.png", large);
        write("dog/3.png", png(1));

        var images = read(DatasetFormat.FOLDER, folder);

        assertThat(images.parts()).extracting(LabelledImages.Part::count).containsExactly(2, 1);
        assertThat(images.count()).isEqualTo(3);
    }

    private DatasetFormat detect(String path) {
        return DatasetFormat.of(origin(folder.resolve(path)));
    }

    private LabelledImages read(DatasetFormat format, Path path) {
        return format.read(origin(path));
    }

    private Origin origin(Path path) {
        return new Origin(path, part, Optional.ofNullable(classes), Optional.ofNullable(truth));
    }

    private void assertRefused(DatasetFormat format, String message) {
        assertRefused(format, folder, message);
    }

    private void assertRefused(DatasetFormat format, Path path, String message) {
        ThrowingCallable reading = () -> read(format, path);
        assertThatExceptionOfType(EngineException.class).isThrownBy(reading).withMessage(message);
    }

    private static int[] labels(LabelledImages images) {
        return images.parts().stream()
                .flatMapToInt(one -> Arrays.stream(one.read().labels()))
                .toArray();
    }

    private Path write(String name, byte[] bytes) throws IOException {
        var file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, bytes);
    }

    /** Records whose planes are 1, 2 and 3. */
    private static byte[] cifar(int labelBytes, int... labels) {
        var records = ByteBuffer.allocate(labels.length * (labelBytes + 3_072));
        for (var label : labels) {
            records.put(new byte[labelBytes - 1]).put((byte) label);
            for (var plane = 1; plane <= 3; plane++) {
                for (var i = 0; i < 1_024; i++) {
                    records.put((byte) plane);
                }
            }
        }
        return records.array();
    }

    private static byte[] idx(int[] size, int... bytes) {
        var file = ByteBuffer.allocate(4 + 4 * size.length + bytes.length).putInt(8 << 8 | size.length);
        Arrays.stream(size).forEach(file::putInt);
        Arrays.stream(bytes).forEach(one -> file.put((byte) one));
        return file.array();
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        var out = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    private static void entry(TarArchiveOutputStream tar, String name, byte[] bytes) throws IOException {
        var entry = new TarArchiveEntry(name);
        entry.setSize(bytes.length);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
    }

    private static byte[] png(int width) throws IOException {
        var out = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(width, 1, BufferedImage.TYPE_INT_RGB), "png", out);
        return out.toByteArray();
    }
}
