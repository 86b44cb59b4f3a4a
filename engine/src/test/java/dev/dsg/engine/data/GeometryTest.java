package dev.dsg.engine.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.tensor.Scope;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class GeometryTest {

    private static final int HEIGHT = 6;
    private static final int WIDTH = 9;

    /** What Pillow 9.4 makes of {@link #picture}, resized and cropped as torchvision's Resize and CenterCrop do. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            NEAREST  | 4 | 4 | 4 | 46 69 115 138 26 93 227 38 65 187 175 41 241 27 111 153
            BILINEAR | 4 | 4 | 4 | 62 101 143 151 99 123 182 110 129 134 117 133 183 98 98 180
            BICUBIC  | 4 | 4 | 4 | 58 102 144 156 96 120 202 98 131 138 107 136 197 89 89 191
            NEAREST  | 7 | 3 | 5 | 26 93 160 160 227 65 187 53 53 175 65 187 53 53 175
            BILINEAR | 7 | 3 | 5 | 82 90 140 189 182 86 107 122 149 145 125 159 121 99 125
            BICUBIC  | 7 | 3 | 5 | 73 77 144 210 196 66 99 117 158 151 118 178 120 85 126
            BICUBIC  | 2 | 2 | 2 | 80 137 139 119
            """)
    void shouldGiveTheBytesOfTheLibraryThatNetworksAreTrainedWith(
            Interpolation interpolation, int resize, int height, int width, String golden) {
        Image seen = new Geometry(resize, height, width, interpolation).apply(picture(1));

        assertThat(text(seen)).isEqualTo(golden);
    }

    @Test
    void shouldResizeEachColourByItself() {
        Image seen = new Geometry(4, 2, 2, Interpolation.BILINEAR).apply(picture(3));

        assertThat(seen.channels()).isEqualTo(3);
        assertThat(text(seen)).isEqualTo("123 169 76 182 91 134 134 136 125 117 103 155");
    }

    /** The formula as it stands in books, in real numbers and in two dimensions at once. */
    @ParameterizedTest
    @EnumSource(
            value = Interpolation.class,
            names = {"BILINEAR", "BICUBIC"})
    void shouldComputeWhatTheFormulaSays(Interpolation interpolation) {
        Random random = new Random(3);
        for (int i = 0; i < 40; i++) {
            // Given noise, to be shrunk or to grow
            Image image = noise(random, random.nextInt(3, 30), random.nextInt(3, 30), 1);
            int resize = random.nextInt(1, 40);
            Geometry geometry = new Geometry(resize, resize, resize, interpolation);

            // When
            byte[] seen = geometry.apply(image).pixels();

            // Then no byte is further from the formula than the two roundings, which the cubic may amplify
            for (int p = 0; p < seen.length; p++) {
                double exact = exact(image, geometry, p / resize, p % resize);
                assertThat((double) (seen[p] & 0xff)).isCloseTo(exact, within(1.5));
            }
        }
    }

    private static double exact(Image image, Geometry geometry, int y, int x) {
        int shortest = Math.min(image.height(), image.width());
        int rows = geometry.resize() * image.height() / shortest;
        int columns = geometry.resize() * image.width() / shortest;
        double[] down =
                weights(geometry, image.height(), rows, y + (int) Math.rint((rows - geometry.cropHeight()) / 2.0));
        double[] across =
                weights(geometry, image.width(), columns, x + (int) Math.rint((columns - geometry.cropWidth()) / 2.0));
        double sum = 0;
        for (int sy = 0; sy < image.height(); sy++) {
            double row = 0;
            for (int sx = 0; sx < image.width(); sx++) {
                row += across[sx] * (image.pixels()[sy * image.width() + sx] & 0xff);
            }
            sum += down[sy] * Math.clamp(row, 0, 255);
        }
        return Math.clamp(sum, 0, 255);
    }

    private static double[] weights(Geometry geometry, int source, int result, int place) {
        double scale = (double) source / result;
        double[] weights = new double[source];
        double sum = 0;
        for (int i = 0; i < source; i++) {
            double distance = (i + 0.5 - (place + 0.5) * scale) / Math.max(1, scale);
            weights[i] = kernel(geometry.interpolation(), Math.abs(distance));
            sum += weights[i];
        }
        for (int i = 0; i < source; i++) {
            weights[i] /= sum;
        }
        return weights;
    }

    private static double kernel(Interpolation interpolation, double t) {
        if (interpolation == Interpolation.BILINEAR) {
            return Math.max(0, 1 - t);
        }
        if (t < 1) {
            return 1.5 * t * t * t - 2.5 * t * t + 1;
        }
        return t < 2 ? -0.5 * t * t * t + 2.5 * t * t - 4 * t + 2 : 0;
    }

    @ParameterizedTest
    @EnumSource(Interpolation.class)
    void shouldLeaveAnImageOfTheSizeAsItIs(Interpolation interpolation) {
        Image image = noise(new Random(1), 8, 8, 3);

        assertThat(new Geometry(8, 8, 8, interpolation).apply(image).pixels()).containsExactly(image.pixels());
    }

    @Test
    void shouldRefuseACropThatIsLargerThanTheImage() {
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> new Geometry(224, 224, 256, Interpolation.BICUBIC))
                .withMessage("geometry.resize is 224, expected at least 256");
    }

    @Test
    void shouldRefuseAnImageThatIsALine() {
        Image line = noise(new Random(1), 1, 2_000, 1);
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> new Geometry(256, 224, 224, Interpolation.BICUBIC).apply(line))
                .withMessage("image is a side 2000 long, the other 1, expected sides alike");
    }

    @Test
    void shouldBringImagesToTheSizeOfTheNetworkBeforeNormalisation() {
        // Given grey images for a network of three colours
        Geometry geometry = new Geometry(4, 2, 2, Interpolation.BILINEAR);
        Image picture = picture(1);
        ImageSet set = ImageSet.of(List.of(noise(new Random(2), HEIGHT, WIDTH, 1), picture), new int[2]);
        float[] mean = {0, .5f, .2f};
        Preprocessing preprocessing = new Preprocessing(mean, new float[] {1, 1, 2}, Optional.of(geometry));

        try (Scope _ = Scope.open()) {
            // When
            float[] seen = preprocessing.batch(set, 1, 2).toFloats();

            // Then [channels, height, width]
            byte[] fitted = geometry.apply(picture).pixels();
            for (int i = 0; i < 12; i++) {
                float value = (fitted[i % 4] & 0xff) / 255f;
                assertThat(seen[i]).isEqualTo((value - mean[i / 4]) / (i / 4 == 2 ? 2 : 1), within(1e-6f));
            }
        }
    }

    @Test
    void shouldRefuseColoursWhereTheNetworkTakesNone() {
        ImageSet set = ImageSet.of(List.of(picture(3)), new int[1]);
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> new Preprocessing(new float[1], new float[] {1}).batch(set, 0, 1))
                .withMessage("channels is 3, expected 1");
    }

    private static Image picture(int channels) {
        byte[] pixels = new byte[HEIGHT * WIDTH * channels];
        int at = 0;
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                for (int c = 0; c < channels; c++) {
                    pixels[at++] = (byte) (37 * y * y + 23 * x + 11 * x * y * y + 90 * c);
                }
            }
        }
        return new Image(HEIGHT, WIDTH, channels, pixels);
    }

    private static Image noise(RandomGenerator random, int height, int width, int channels) {
        byte[] pixels = new byte[height * width * channels];
        random.nextBytes(pixels);
        return new Image(height, width, channels, pixels);
    }

    private static String text(Image image) {
        StringBuilder text = new StringBuilder();
        for (byte pixel : image.pixels()) {
            text.append(text.isEmpty() ? "" : " ").append(pixel & 0xff);
        }
        return text.toString();
    }
}
