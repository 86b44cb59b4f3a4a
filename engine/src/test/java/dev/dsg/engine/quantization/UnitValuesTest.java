package dev.dsg.engine.quantization;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dsg.engine.ProgressListener;
import dev.dsg.engine.execution.Interpreter;
import dev.dsg.engine.execution.Tap;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.network.CifarResNet;
import dev.dsg.engine.network.CifarResNet.Shortcut;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnitValuesTest {

    private static final Graph NETWORK =
            new CifarResNet(8, Shortcut.A, 10).build(CifarResNet.randomInitialisation(new Random(1)));
    private static final List<HostTensor> BATCHES =
            List.of(HostTensors.random(1, 2, 3, 8, 8), HostTensors.random(2, 3, 3, 8, 8));
    private static final QuantizedNetwork QUANTIZED =
            new PostTrainingQuantizer(QuantizationSettings.of(4, 4)).quantize(NETWORK, BATCHES, ProgressListener.NONE);
    private static final ReconstructionUnit UNIT = ReconstructionUnit.blocks(
                    NETWORK, Set.of("layer1.0.relu2", "layer2.0.relu2", "relu1"))
            .get(2);
    /** 16 channels of 8x8 read twice, 32 channels of 4x4 made. */
    private static final long IMAGE = Float.BYTES * (2 * 16 * 64 + 32 * 16);

    private static UnitValues values(long memoryBytes) {
        return new UnitValues(UNIT, NETWORK, QUANTIZED, new CalibrationImages(BATCHES), memoryBytes);
    }

    private static float[] run(Graph graph, String node, Tap tap, int image) {
        try (Scope _ = Scope.open();
                Interpreter interpreter = new Interpreter(graph.upTo(node))) {
            Tensor x = new CalibrationImages(BATCHES).select(new int[] {image});
            return interpreter.run(x, tap).toFloats();
        }
    }

    private static double distance(Tensor values, int row, float[] expected) {
        float[] actual = values.rows(row, row + 1).toFloats();
        double largest = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(actual[i] - expected[i]));
        }
        return largest;
    }

    @Test
    void shouldSelectImagesAcrossBatches() {
        try (Scope _ = Scope.open()) {
            float[] selected =
                    new CalibrationImages(BATCHES).select(new int[] {4, 1}).toFloats();

            assertThat(Arrays.copyOf(selected, 192))
                    .isEqualTo(Arrays.copyOfRange(BATCHES.get(1).values(), 384, 576));
            assertThat(Arrays.copyOfRange(selected, 192, 384))
                    .isEqualTo(Arrays.copyOfRange(BATCHES.get(0).values(), 192, 384));
        }
    }

    @Test
    void shouldKeepWhatBothNetworksReadAndWhatTheExactOneMakes() {
        try (Scope _ = Scope.open();
                UnitValues values = values(Long.MAX_VALUE)) {
            UnitValues.Batch batch = values.draw(100, new Random(4));

            assertThat(batch.exact().shape()).containsExactly(5, 16, 8, 8);
            assertThat(batch.target().shape()).containsExactly(5, 32, 4, 4);
            Set<Integer> found = new HashSet<>();
            for (int row = 0; row < 5; row++) {
                for (int image = 0; image < 5; image++) {
                    if (distance(batch.exact(), row, run(NETWORK, UNIT.input(), Tap.NONE, image)) < 1e-4) {
                        found.add(image);
                        assertThat(distance(
                                        batch.met(), row, run(QUANTIZED.graph(), UNIT.input(), QUANTIZED.tap(), image)))
                                .isLessThan(1e-4);
                        assertThat(distance(batch.target(), row, run(NETWORK, UNIT.output(), Tap.NONE, image)))
                                .isLessThan(1e-4);
                    }
                }
            }
            assertThat(found).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {5 * IMAGE, 3 * IMAGE - 1, 1})
    void shouldDrawTheSameWhateverTheBudget(long budget) {
        try (Scope _ = Scope.open();
                UnitValues ample = values(Long.MAX_VALUE);
                UnitValues tight = values(budget)) {
            RandomGenerator random = new Random(4);
            RandomGenerator same = new Random(4);
            for (int i = 0; i < 5; i++) {
                UnitValues.Batch expected = ample.draw(3, random);
                UnitValues.Batch drawn = tight.draw(3, same);

                assertThat(drawn.exact().toFloats()).isEqualTo(expected.exact().toFloats());
                assertThat(drawn.met().toFloats()).isEqualTo(expected.met().toFloats());
                assertThat(drawn.target().toFloats())
                        .isEqualTo(expected.target().toFloats());
            }
        }
    }
}
