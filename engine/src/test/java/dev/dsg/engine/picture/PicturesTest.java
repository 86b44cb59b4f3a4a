package dev.dsg.engine.picture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dsg.engine.analysis.Cosines;
import dev.dsg.engine.analysis.NetworkAnalysis;
import dev.dsg.engine.analysis.NetworkAnalysis.Diversity;
import dev.dsg.engine.analysis.NetworkAnalysis.Layer;
import dev.dsg.engine.analysis.NetworkAnalysis.Statistics;
import dev.dsg.engine.data.Preprocessing;
import dev.dsg.engine.graph.HostTensor;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PicturesTest {

    private static final Preprocessing AS_THEY_ARE =
            new Preprocessing(new float[] {0.5f, 0, 0}, new float[] {0.5f, 1, 1});

    private static BufferedImage read(byte[] png) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(png));
    }

    @Test
    void shouldShowImagesAsPeopleSeeThem() throws IOException {
        // Given five images of one pixel: red 0 means half, 9 is more than white, -9 less than black
        HostTensor three = new HostTensor(new long[] {3, 3, 1, 1}, new float[] {0, 0, 1, 1, 9, 0, -9, 0, 0});
        HostTensor two = new HostTensor(new long[] {2, 3, 1, 1}, new float[] {-1, 1, 0, 1, 1, 1});

        // When
        BufferedImage sheet = read(SampleSheet.png(List.of(three, two), AS_THEY_ARE));

        // Then they lie in rows of three, each 96 pixels wide
        assertThat(sheet.getWidth()).isEqualTo(4 + 3 * 100);
        assertThat(sheet.getHeight()).isEqualTo(4 + 2 * 100);
        assertThat(IntStream.range(0, 6).mapToObj(i -> colour(sheet, 50 + i % 3 * 100, 50 + i / 3 * 100)))
                .containsExactly("8000ff", "ffff00", "000000", "00ff00", "ffffff", "808080");
    }

    @Test
    void shouldShowOneChannelAsGrey() throws IOException {
        HostTensor grey = new HostTensor(new long[] {1, 1, 2, 2}, new float[] {0, 0.2f, 0.4f, 1});

        BufferedImage sheet = read(SampleSheet.png(List.of(grey), new Preprocessing(new float[] {0}, new float[] {1})));

        assertThat(colour(sheet, 10, 10)).isEqualTo("000000");
        assertThat(colour(sheet, 60, 10)).isEqualTo("333333");
        assertThat(colour(sheet, 10, 60)).isEqualTo("666666");
        assertThat(colour(sheet, 60, 60)).isEqualTo("ffffff");
    }

    private static String colour(BufferedImage image, int x, int y) {
        return String.format("%06x", image.getRGB(x, y) & 0xffffff);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 160})
    void shouldPlotNetworksOfAnyDepth(int layers) throws IOException {
        NetworkAnalysis analysis = analysis(layers);

        assertThat(colours(Plots.layers(analysis))).contains(0x0072B2, 0xD55E00, 0x009E73);
        assertThat(colours(Plots.statistics(analysis))).contains(0x0072B2, 0xD55E00);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 64})
    void shouldPlotAnyNumberOfImages(int images) throws IOException {
        float[] values = new float[images * images];
        for (int i = 0; i < values.length; i++) {
            values[i] = i / images == i % images ? 1 : 0.5f / (1 + i / images + i % images);
        }
        Cosines cosines = new Cosines(images, values);

        assertThat(colours(Plots.diversity(analysis(1), cosines, cosines))).hasSizeGreaterThan(10);
    }

    private static List<Integer> colours(byte[] png) throws IOException {
        BufferedImage image = read(png);
        int[] pixels = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        return Arrays.stream(pixels)
                .map(rgb -> rgb & 0xffffff)
                .distinct()
                .boxed()
                .toList();
    }

    private static NetworkAnalysis analysis(int layers) {
        return new NetworkAnalysis(
                64,
                20,
                IntStream.range(0, layers)
                        .mapToObj(i -> new Layer("layer" + i, 4, 100, 20 + i % 3, 15 - i % 2, 200))
                        .toList(),
                List.of(),
                IntStream.range(0, layers)
                        .mapToObj(i -> new Statistics("norm" + i, 0.1 * (i % 4), 0.2))
                        .toList(),
                new Diversity(0.1, 50),
                new Diversity(0.9, 2));
    }
}
