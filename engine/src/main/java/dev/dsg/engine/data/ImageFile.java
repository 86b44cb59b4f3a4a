package dev.dsg.engine.data;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Reads JPEG and PNG files as they were stored: no colour management and no turning by EXIF, alpha dropped, of 16 bits the
 * upper 8. That is what networks are shown in training.
 */
public final class ImageFile {

    /** The most pixels an image may have; what decodes several at once counts on it. */
    private static final int MOST_PIXELS = 1 << 24;

    private static final String JPEG = "jpeg";
    private static final String CMYK = "in CMYK";
    private static final String EXPECTED = "a JPEG or PNG image, grey or RGB";

    private ImageFile() {}

    /**
     * What a file says of its image.
     *
     * @param height rows
     * @param width columns
     * @param channels 1 for grey, 3 for RGB
     */
    public record Header(int height, int width, int channels) {}

    /**
     * Reads the head of a file; its pixels may still turn out corrupt.
     *
     * @param name what errors call it
     * @throws EngineException as {@link #decode}, as far as the head tells
     */
    public static Header probe(byte[] file, String name) {
        return with(file, name, reader -> {
            var types = reader.getImageTypes(0);
            if (!types.hasNext()) {
                throw corrupt(name, CMYK);
            }
            var type = types.next();
            requireNoCmyk(reader, type.getNumBands(), name);
            return new Header(
                    reader.getHeight(0), reader.getWidth(0), channels(type.getColorModel(), type.getNumBands(), name));
        });
    }

    /**
     * Decodes a file.
     *
     * @param name what errors call it
     * @throws EngineException if it is neither JPEG nor PNG, truncated or otherwise corrupt, of other colours than grey or
     *     RGB, or larger than 2<sup>24</sup> pixels
     */
    public static Image decode(byte[] file, String name) {
        return with(file, name, reader -> {
            AtomicReference<String> warning = new AtomicReference<>("");
            reader.addIIOReadWarningListener((_, words) -> warning.accumulateAndGet(words, String::concat));
            BufferedImage read = read(reader, name);
            requireNoCmyk(reader, read.getRaster().getNumBands(), name);
            Image image = convert(read, name);
            // The decoder pads a JPEG that ends early with grey, and only warns of it.
            if (warning.get().contains("EOI")) {
                throw corrupt(name, "truncated");
            }
            return image;
        });
    }

    private interface Reading<T> {
        T of(ImageReader reader) throws IOException;
    }

    private static <T> T with(byte[] file, String name, Reading<T> reading) {
        ImageReader reader = reader(file, name);
        try (var in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
            reader.setInput(in, true, false);
            requireSize(reader, name);
            return reading.of(reader);
        } catch (IOException | RuntimeException e) {
            throw e instanceof EngineException known ? known : corrupt(name, "corrupt (" + e.getMessage() + ")");
        } finally {
            reader.dispose();
        }
    }

    private static ImageReader reader(byte[] file, String name) {
        return ImageIO.getImageReadersByFormatName(format(file, name)).next();
    }

    private static String format(byte[] file, String name) {
        if (startsWith(file, 0xff, 0xd8, 0xff)) {
            return JPEG;
        }
        if (startsWith(file, 0x89, 'P', 'N', 'G')) {
            return "png";
        }
        throw corrupt(name, file.length == 0 ? "empty" : "neither JPEG nor PNG");
    }

    private static boolean startsWith(byte[] file, int... magic) {
        for (int i = 0; i < magic.length; i++) {
            if (i >= file.length || (file[i] & 0xff) != magic[i]) {
                return false;
            }
        }
        return true;
    }

    private static void requireSize(ImageReader reader, String name) throws IOException {
        int width = reader.getWidth(0);
        int height = reader.getHeight(0);
        if ((long) width * height > MOST_PIXELS) {
            throw new EngineException(
                    Kind.CORRUPT_FILE, name, height + "x" + width, "at most " + MOST_PIXELS + " pixels");
        }
    }

    private static BufferedImage read(ImageReader reader, String name) throws IOException {
        try {
            return reader.read(0);
        } catch (IIOException e) {
            if (reader.canReadRaster() && reader.readRaster(0, null).getNumBands() == 4) {
                throw corrupt(name, CMYK);
            }
            throw e;
        }
    }

    /** Four components of a JPEG are never colours and alpha, though the decoder takes them for that. */
    private static void requireNoCmyk(ImageReader reader, int bands, String name) throws IOException {
        if (bands == 4 && reader.getFormatName().equalsIgnoreCase(JPEG)) {
            throw corrupt(name, CMYK);
        }
    }

    private static Image convert(BufferedImage image, String name) {
        Raster raster = image.getRaster();
        int channels = channels(image.getColorModel(), raster.getNumBands(), name);
        return image.getColorModel() instanceof IndexColorModel palette
                ? indexed(raster, palette, channels)
                : samples(raster, channels);
    }

    private static int channels(ColorModel model, int bands, String name) {
        if (model instanceof IndexColorModel palette) {
            return grey(palette) ? 1 : 3;
        }
        return switch (bands) {
            case 1, 2 -> 1;
            case 3, 4 -> 3;
            default -> throw corrupt(name, "of " + bands + " channels");
        };
    }

    private static Image indexed(Raster raster, IndexColorModel palette, int channels) {
        byte[] pixels = new byte[raster.getHeight() * raster.getWidth() * channels];
        int at = 0;
        for (int y = 0; y < raster.getHeight(); y++) {
            for (int x = 0; x < raster.getWidth(); x++) {
                int rgb = palette.getRGB(raster.getSample(x, y, 0));
                for (int shift = 16; shift > 16 - 8 * channels; shift -= 8) {
                    pixels[at++] = (byte) (rgb >> shift);
                }
            }
        }
        return new Image(raster.getHeight(), raster.getWidth(), channels, pixels);
    }

    private static boolean grey(IndexColorModel palette) {
        for (int i = 0; i < palette.getMapSize(); i++) {
            if (palette.getRed(i) != palette.getGreen(i) || palette.getGreen(i) != palette.getBlue(i)) {
                return false;
            }
        }
        return true;
    }

    private static Image samples(Raster raster, int channels) {
        int height = raster.getHeight();
        int width = raster.getWidth();
        byte[] pixels = new byte[height * width * channels];
        if (raster.getSampleModel() instanceof PixelInterleavedSampleModel model
                && raster.getDataBuffer() instanceof DataBufferByte buffer) {
            interleaved(model, buffer.getData(), pixels, width, channels);
        } else {
            int drop = raster.getSampleModel().getSampleSize(0) - Byte.SIZE;
            int at = 0;
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    for (int c = 0; c < channels; c++) {
                        pixels[at++] = (byte) (raster.getSample(x, y, c) >> drop);
                    }
                }
            }
        }
        return new Image(height, width, channels, pixels);
    }

    private static void interleaved(
            PixelInterleavedSampleModel model, byte[] data, byte[] pixels, int width, int channels) {
        int[] offsets = model.getBandOffsets();
        int at = 0;
        for (int row = 0; at < pixels.length; row += model.getScanlineStride()) {
            for (int x = 0; x < width; x++) {
                int pixel = row + x * model.getPixelStride();
                for (int c = 0; c < channels; c++) {
                    pixels[at++] = data[pixel + offsets[c]];
                }
            }
        }
    }

    private static EngineException corrupt(String name, String found) {
        return new EngineException(Kind.CORRUPT_FILE, name, found, EXPECTED);
    }
}
