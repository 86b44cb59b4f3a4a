package dev.dsg.engine.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.tensor.Scope;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ImageSetTest {

    private static final Preprocessing IDENTITY = new Preprocessing(new float[] {0}, new float[] {1f / 255});

    private final ImageSet two =
            new ImageSet(2, 2, 1, new byte[] {0, 1, 2, 3, 4, 5, (byte) 254, (byte) 255}, new int[] {7, 9});

    @Test
    void shouldSurviveAShard() {
        ImageSet read = (ImageSet) Images.fromShard(two.toShard());

        assertThat(read.pixels()).containsExactly(two.pixels());
        assertThat(read.labels()).containsExactly(7, 9);
    }

    @Test
    void shouldSliceAndJoin() {
        ImageSet swapped = ImageSet.concat(List.of(two.slice(1, 2), two.slice(0, 1)));

        assertThat(swapped.labels()).containsExactly(9, 7);
        assertThat(swapped.pixels()).containsExactly(4, 5, 254, 255, 0, 1, 2, 3);
    }

    @Test
    void shouldRefusePixelsThatAreNotAsMany() {
        assertThatThrownBy(() -> new ImageSet(2, 2, 1, new byte[7], new int[2])).isInstanceOf(EngineException.class);
    }

    @Test
    void shouldNormaliseEachChannel() {
        ImageSet rgb = new ImageSet(1, 1, 3, new byte[] {(byte) 255, 0, 51}, new int[] {0});
        Preprocessing p = new Preprocessing(new float[] {.5f, .5f, .2f}, new float[] {.5f, .25f, 1});
        try (Scope _ = Scope.open()) {
            assertThat(p.batch(rgb, 0, 1).toFloats()).containsExactly(new float[] {1, -2, 0}, within(1e-6f));
        }
    }

    @Test
    void shouldCropAndFlipWithinThePadding() {
        // Given
        Augmentation augmentation = new Augmentation(IDENTITY, 1);
        Random random = new Random(1);

        for (int i = 0; i < 50; i++) {
            try (Scope _ = Scope.open()) {
                // When
                float[] seen =
                        augmentation.batch(two, new int[] {1}, 0, 1, random).toFloats();

                // Then: some shifted and possibly mirrored view of 4 5 / 254 255 in a border of zeros
                assertThat(isView(seen, new int[] {4, 5, 254, 255}))
                        .as(java.util.Arrays.toString(seen))
                        .isTrue();
            }
        }
    }

    private static boolean isView(float[] seen, int[] image) {
        for (int dy = -1; dy <= 1; dy++) {
            for (int dx = -1; dx <= 1; dx++) {
                for (int flip = 0; flip < 2; flip++) {
                    boolean same = true;
                    for (int y = 0; y < 2; y++) {
                        for (int x = 0; x < 2; x++) {
                            int sy = y + dy;
                            int sx = (flip == 1 ? 1 - x : x) + dx;
                            boolean inside = sy >= 0 && sy < 2 && sx >= 0 && sx < 2;
                            same &= Math.abs(seen[y * 2 + x] - (inside ? image[sy * 2 + sx] : 0)) < 1e-3;
                        }
                    }
                    if (same) {
                        return true;
                    }
                }
            }
        }
        return false;
    }
}
