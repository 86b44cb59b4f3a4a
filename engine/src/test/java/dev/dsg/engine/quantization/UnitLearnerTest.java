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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class UnitLearnerTest {

    private static final Graph NETWORK =
            new CifarResNet(8, Shortcut.A, 10).build(CifarResNet.randomInitialisation(new Random(1)));
    private static final List<HostTensor> IMAGES = List.of(HostTensors.random(1, 32, 3, 8, 8));
    private static final QuantizedNetwork NEAREST = weightsAlone(RoundingMethod.NEAREST);
    private static final QuantizedNetwork SQUANT = weightsAlone(RoundingMethod.SQUANT);
    private static final ReconstructionUnit UNIT =
            ReconstructionUnit.layers(NETWORK, Set.of("layer2.0.relu1")).get(3);

    private static QuantizedNetwork weightsAlone(RoundingMethod rounding) {
        QuantizedNetwork network = new PostTrainingQuantizer(
                        QuantizationSettings.of(2, 8).withRounding(rounding))
                .quantize(NETWORK, IMAGES, ProgressListener.NONE);
        return new QuantizedNetwork(
                network.graph(),
                network.target(),
                network.weightBits(),
                network.activationBits(),
                network.rangeMethod(),
                network.weights(),
                Map.of());
    }

    private static UnitValues values() {
        return new UnitValues(UNIT, NETWORK, NEAREST, new CalibrationImages(IMAGES), Long.MAX_VALUE);
    }

    /** The squared error of what the unit makes with {@code weights}. */
    private static double error(UnitValues values, Map<String, QuantizedWeight> weights) {
        Map<String, HostTensor> rounded = new LinkedHashMap<>();
        UNIT.graph().weighted().forEach(node -> {
            String name = node.parameters().getFirst();
            rounded.put(name, weights.get(name).dequantize());
        });
        try (Scope _ = Scope.open();
                Interpreter unit = new Interpreter(UNIT.graph().with(rounded))) {
            UnitValues.Batch all = values.draw(100, new Random(1));
            return unit.run(all.met(), Tap.NONE)
                    .sub(all.target())
                    .square()
                    .sum()
                    .item();
        }
    }

    @Test
    void shouldDecideWithinTheUsualIterationsAndComeCloserThanSquant() {
        Reconstruction usual = Reconstruction.adaRound(7);
        Random random = new Random(2);
        try (UnitValues values = values();
                UnitLearner learner = new UnitLearner(usual, UNIT, NEAREST, true, new Dropping(0, random), random)) {
            assertThat(learner.indecision()).isGreaterThan(0.5);

            learner.learn(values, usual.iterations(), () -> {});

            assertThat(learner.indecision()).isLessThan(0.03);
            double learned = error(values, learner.weights());
            assertThat(learned)
                    .isLessThan(0.8 * error(values, SQUANT.weights()))
                    .isLessThan(0.6 * error(values, NEAREST.weights()));
        }
    }
}
