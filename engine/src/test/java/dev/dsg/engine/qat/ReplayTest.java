package dev.dsg.engine.qat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.qat.Replay.Augmentation;
import dev.dsg.engine.qat.Replay.Minibatch;
import dev.dsg.engine.synthesis.SyntheticBatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReplayTest {

    private static final int PER_BATCH = 4;

    private static Replay set(int batches, int window, Augmentation augmentation) {
        return new Replay(OptionalInt.of(batches), window, 6, augmentation, 7);
    }

    private static Replay stream(int window) {
        return new Replay(OptionalInt.empty(), window, 6, Augmentation.NONE, 7);
    }

    /** Images of 16 by 16 pixels that are all the image's number, which is also its label. */
    private static SyntheticBatch stored(int index) {
        int each = 16 * 16;
        float[] values = new float[PER_BATCH * each];
        List<Integer> labels = new ArrayList<>();
        for (int i = 0; i < PER_BATCH; i++) {
            java.util.Arrays.fill(values, i * each, (i + 1) * each, index * PER_BATCH + i);
            labels.add(index * PER_BATCH + i);
        }
        return new SyntheticBatch(new HostTensor(new long[] {PER_BATCH, 1, 16, 16}, values), labels, Map.of());
    }

    @Test
    void shouldVisitASetInOrderAndThenInOtherOrders() {
        Replay replay = set(5, 2, Augmentation.NONE);

        assertThat(IntStream.range(0, 5).map(replay::visited)).containsExactly(0, 1, 2, 3, 4);
        Set<List<Integer>> orders = new HashSet<>();
        for (int pass = 1; pass < 6; pass++) {
            List<Integer> order = IntStream.range(5 * pass, 5 * pass + 5)
                    .map(replay::visited)
                    .boxed()
                    .toList();
            assertThat(order).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
            orders.add(order);
        }
        assertThat(orders).hasSizeGreaterThan(2);
    }

    @Test
    void shouldVisitAStreamOnce() {
        assertThat(stream(3).held(0)).containsExactly(0);
        assertThat(stream(3).held(9)).containsExactly(7, 8, 9);
    }

    @Test
    void shouldHoldNoMoreThanTheWindow() {
        Replay replay = set(5, 3, Augmentation.NONE);

        for (int step = 0; step < 30; step++) {
            assertThat(replay.held(step)).doesNotHaveDuplicates().hasSizeLessThanOrEqualTo(3);
            assertThat(replay.held(step).getLast()).isEqualTo(replay.visited(step));
        }
    }

    @Test
    void shouldDrawDifferentImagesOfTheWindowWithTheirLabels() {
        for (int step = 0; step < 20; step++) {
            Map<Integer, Integer> asked = new HashMap<>();
            Minibatch batch = stream(3).at(step, index -> {
                asked.merge(index, 1, Integer::sum);
                return stored(index);
            });

            assertThat(asked.keySet())
                    .containsExactlyInAnyOrderElementsOf(stream(3).held(step));
            assertThat(batch.images().size(0)).isEqualTo(step == 0 ? PER_BATCH : 6);
            assertThat(batch.labels())
                    .doesNotHaveDuplicates()
                    .hasSize(batch.images().size(0));
            for (int i = 0; i < batch.labels().length; i++) {
                assertThat(batch.images().values()[i * 256]).isEqualTo(batch.labels()[i]);
            }
        }
    }

    @Test
    void shouldBeAFunctionOfSeedAndStep() {
        Replay replay = set(5, 3, Augmentation.LIGHT);
        Replay other = new Replay(OptionalInt.of(5), 3, 6, Augmentation.LIGHT, 8);

        HostTensor images = replay.at(11, ReplayTest::stored).images();

        assertThat(set(5, 3, Augmentation.LIGHT).at(11, ReplayTest::stored).images())
                .isEqualTo(images);
        assertThat(other.at(11, ReplayTest::stored).images()).isNotEqualTo(images);
    }

    @Test
    void shouldMirrorAndMoveByAnEighthAtMost() {
        float[] picture = new float[16 * 16];
        for (int i = 0; i < picture.length; i++) {
            picture[i] = i + 1;
        }
        SyntheticBatch one =
                new SyntheticBatch(new HostTensor(new long[] {1, 1, 16, 16}, picture), List.of(), Map.of());
        Set<String> seen = new HashSet<>();
        for (int step = 0; step < 60; step++) {
            float[] drawn =
                    set(1, 1, Augmentation.LIGHT).at(step, _ -> one).images().values();
            seen.add(moveThatExplains(picture, drawn));
        }
        assertThat(seen).hasSizeGreaterThan(20);
    }

    private static String moveThatExplains(float[] picture, float[] drawn) {
        for (boolean mirrored : new boolean[] {false, true}) {
            for (int down = -2; down <= 2; down++) {
                for (int right = -2; right <= 2; right++) {
                    if (explains(picture, drawn, mirrored, down, right)) {
                        return mirrored + " " + down + " " + right;
                    }
                }
            }
        }
        throw new AssertionError("no move by two pixels explains the image");
    }

    private static boolean explains(float[] picture, float[] drawn, boolean mirrored, int down, int right) {
        for (int y = 0; y < 16; y++) {
            for (int x = 0; x < 16; x++) {
                int fromY = y + down;
                int fromX = (mirrored ? 15 - x : x) + right;
                boolean inside = fromY >= 0 && fromY < 16 && fromX >= 0 && fromX < 16;
                if (drawn[y * 16 + x] != (inside ? picture[fromY * 16 + fromX] : 0)) {
                    return false;
                }
            }
        }
        return true;
    }

    @Test
    void shouldRefuseSettingsOutOfBounds() {
        assertThatThrownBy(() -> set(0, 1, Augmentation.NONE))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("batches");
        assertThatThrownBy(() -> stream(0)).hasMessage("window is 0, expected at least 1");
    }
}
