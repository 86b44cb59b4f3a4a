package dev.dsg.engine.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.data.ImageFile.Header;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageFileTest {

    private static final int[] COLOURS = {0xff0a141e, 0xff28323c, 0xff46505a, 0xff646e78, 0xff828c96, 0xffa0aab4};

    @Test
    void shouldReadColoursAsTheyAreStored() {
        Image image = decode(png(picture(BufferedImage.TYPE_INT_RGB)));

        assertThat(image.shape()).isEqualTo("2x3x3");
        assertThat(image.pixels())
                .containsExactly(10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120, 130, 140, 150, 160, 170, 180);
    }

    @Test
    void shouldDropAlpha() {
        BufferedImage picture = picture(BufferedImage.TYPE_INT_ARGB);
        picture.setRGB(0, 0, 0x000a141e);

        assertThat(decode(png(picture)).pixels())
                .containsExactly(
                        decode(png(picture(BufferedImage.TYPE_INT_RGB))).pixels());
    }

    @Test
    void shouldReadGreyAsOneChannel() {
        BufferedImage grey = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_GRAY);
        grey.getRaster().setPixels(0, 0, 2, 1, new int[] {7, 200});

        assertThat(decode(png(grey)).channels()).isEqualTo(1);
        assertThat(decode(png(grey)).pixels()).containsExactly(7, 200);
    }

    @Test
    void shouldKeepTheUpperHalfOfSixteenBits() {
        BufferedImage grey = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_GRAY);
        grey.getRaster().setPixels(0, 0, 2, 1, new int[] {0x07ff, 0xc800});

        assertThat(decode(png(grey)).pixels()).containsExactly(7, 200);
    }

    @Test
    void shouldLookColoursUpInAPalette() {
        byte[] red = {1, (byte) 250};
        byte[] other = {1, 9};
        IndexColorModel colours = new IndexColorModel(1, 2, red, other, other);
        IndexColorModel greys = new IndexColorModel(1, 2, red, red, red);

        assertThat(decode(png(indexed(colours))).pixels()).containsExactly(1, 1, 1, 250, 9, 9);
        assertThat(decode(png(indexed(greys))).pixels()).containsExactly(1, 250);
    }

    @Test
    void shouldReadAJpeg() {
        BufferedImage plain = new BufferedImage(16, 8, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 16 * 8; i++) {
            plain.setRGB(i % 16, i / 16, 0x6496c8);
        }

        Image image = decode(write(plain, "jpeg"));

        assertThat(image.shape()).isEqualTo("8x16x3");
        assertThat(image.pixels()[0] & 0xff).isCloseTo(0x64, within(3));
        assertThat(image.pixels()[1] & 0xff).isCloseTo(0x96, within(3));
        assertThat(image.pixels()[2] & 0xff).isCloseTo(0xc8, within(3));
    }

    @ParameterizedTest
    @ValueSource(ints = {BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_INT_ARGB})
    void shouldSayFromTheHeadWhatDecodingGives(int type) {
        int channels = type == BufferedImage.TYPE_BYTE_GRAY ? 1 : 3;
        assertThat(ImageFile.probe(png(picture(type)), "x")).isEqualTo(new Header(2, 3, channels));
        if (type != BufferedImage.TYPE_INT_ARGB) {
            assertThat(ImageFile.probe(write(picture(type), "jpeg"), "x")).isEqualTo(new Header(2, 3, channels));
        }
    }

    @Test
    void shouldRefuseCmyk() throws IOException {
        byte[] cmyk = cmyk();
        String message = "a.jpg is in CMYK, expected a JPEG or PNG image, grey or RGB";
        assertRefused(cmyk, message);
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> ImageFile.probe(cmyk, "a.jpg"))
                .withMessage(message);
    }

    @Test
    void shouldRefuseWhatIsCutOff() {
        byte[] jpeg = write(new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB), "jpeg");
        byte[] png = png(new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB));

        assertRefused(
                Arrays.copyOf(jpeg, jpeg.length - 40), "a.jpg is truncated, expected a JPEG or PNG image, grey or RGB");
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> ImageFile.decode(Arrays.copyOf(png, png.length - 30), "a.jpg"))
                .withMessageStartingWith("a.jpg is corrupt (");
    }

    @Test
    void shouldRefuseOtherFiles() {
        assertRefused(new byte[0], "a.jpg is empty, expected a JPEG or PNG image, grey or RGB");
        assertRefused(
                "GIF89a".getBytes(StandardCharsets.US_ASCII),
                "a.jpg is neither JPEG nor PNG, expected a JPEG or PNG image, grey or RGB");
    }

    @Test
    void shouldRefuseMorePixelsThanItDecodes() {
        byte[] large = png(new BufferedImage(4_097, 4_096, BufferedImage.TYPE_BYTE_BINARY));
        assertRefused(large, "a.jpg is 4096x4097, expected at most 16777216 pixels");
    }

    @Test
    void shouldKeepFilesInAShardAndDecodeThemWhenAsked() {
        // Given
        EncodedImages images =
                new EncodedImages(List.of(png(picture(BufferedImage.TYPE_INT_RGB)), new byte[3]), new int[] {4, 2});

        // When
        Images read = Images.fromShard(images.toShard());

        // Then
        assertThat(read.labels()).containsExactly(4, 2);
        assertThat(read.image(0).pixels()).containsExactly(images.image(0).pixels());
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> read.image(1))
                .withMessageStartingWith("image 1 is neither JPEG nor PNG");
    }

    private static void assertRefused(byte[] file, String message) {
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> ImageFile.decode(file, "a.jpg"))
                .withMessage(message);
    }

    private static Image decode(byte[] file) {
        return ImageFile.decode(file, "a picture");
    }

    private static BufferedImage picture(int type) {
        BufferedImage picture = new BufferedImage(3, 2, type);
        for (int i = 0; i < COLOURS.length; i++) {
            picture.setRGB(i % 3, i / 3, COLOURS[i]);
        }
        return picture;
    }

    private static BufferedImage indexed(IndexColorModel palette) {
        BufferedImage picture = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_BINARY, palette);
        picture.getRaster().setPixels(0, 0, 2, 1, new int[] {0, 1});
        return picture;
    }

    private static byte[] png(BufferedImage picture) {
        return write(picture, "png");
    }

    private static byte[] write(BufferedImage picture, String format) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            assertThat(ImageIO.write(picture, format, out)).isTrue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static byte[] cmyk() throws IOException {
        Raster raster = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 8, 8, 4, null);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        var writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        try (var stream = ImageIO.createImageOutputStream(out)) {
            writer.setOutput(stream);
            writer.write(new IIOImage(raster, null, null));
        } finally {
            writer.dispose();
        }
        return out.toByteArray();
    }
}
