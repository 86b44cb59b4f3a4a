package dev.dsg.engine.data;

import com.google.gson.JsonArray;
import com.google.gson.JsonParser;
import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;

/**
 * CIFAR-10 as lossless PNG sheets: each of 10,000 rows of 1,024 RGB pixels is one 32x32 image in row-major order, and a
 * JSON array beside them holds the labels in the official order.
 */
public record Cifar10Sheets(Path folder) {

    private static final int SIDE = 32;

    /** The 10,000 test images. */
    public ImageSet test() throws IOException {
        return read(List.of("test_batch.png"), "test_lables.json");
    }

    /** The 50,000 training images. */
    public ImageSet train() throws IOException {
        List<String> sheets = new ArrayList<>();
        for (int i = 1; i <= 5; i++) {
            sheets.add("data_batch_" + i + ".png");
        }
        return read(sheets, "train_lables.json");
    }

    private ImageSet read(List<String> sheets, String labelFile) throws IOException {
        JsonArray labels = JsonParser.parseString(Files.readString(folder.resolve(labelFile)))
                .getAsJsonArray();
        int[] all = new int[labels.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = labels.get(i).getAsInt();
        }
        List<ImageSet> parts = new ArrayList<>();
        int at = 0;
        for (String sheet : sheets) {
            byte[] pixels = pixels(sheet);
            int count = pixels.length / (SIDE * SIDE * 3);
            if (at + count > all.length) {
                throw new EngineException(
                        Kind.CORRUPT_FILE, labelFile, all.length + " labels", "at least " + (at + count));
            }
            parts.add(new ImageSet(SIDE, SIDE, 3, pixels, java.util.Arrays.copyOfRange(all, at, at + count)));
            at += count;
        }
        return ImageSet.concat(parts);
    }

    private byte[] pixels(String sheet) throws IOException {
        BufferedImage image = ImageIO.read(folder.resolve(sheet).toFile());
        if (image == null || image.getWidth() != SIDE * SIDE) {
            throw new EngineException(Kind.CORRUPT_FILE, sheet, "not such an image", "a PNG sheet 1024 pixels wide");
        }
        int[] row = new int[image.getWidth()];
        byte[] pixels = new byte[image.getWidth() * image.getHeight() * 3];
        int at = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            image.getRGB(0, y, row.length, 1, row, 0, row.length);
            for (int rgb : row) {
                pixels[at++] = (byte) (rgb >> 16);
                pixels[at++] = (byte) (rgb >> 8);
                pixels[at++] = (byte) rgb;
            }
        }
        return pixels;
    }
}
