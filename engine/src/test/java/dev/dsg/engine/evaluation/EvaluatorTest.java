package dev.dsg.engine.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.ProgressListener;
import dev.dsg.engine.data.ImageSet;
import dev.dsg.engine.data.Preprocessing;
import dev.dsg.engine.execution.Interpreter;
import dev.dsg.engine.execution.Tap;
import dev.dsg.engine.graph.Node;
import dev.dsg.engine.network.CifarResNet;
import dev.dsg.engine.network.CifarResNet.Shortcut;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class EvaluatorTest {

    private static final Preprocessing PREPROCESSING =
            new Preprocessing(new float[] {0.5f, 0.5f, 0.5f}, new float[] {0.25f, 0.25f, 0.25f});

    private static Interpreter network;

    @BeforeAll
    static void makeNetwork() {
        network = new Interpreter(
                new CifarResNet(8, Shortcut.A, 10).build(CifarResNet.randomInitialisation(new Random(1))));
    }

    @AfterAll
    static void closeNetwork() {
        network.close();
    }

    private static ImageSet images(int count) {
        Random random = new Random(count);
        byte[] pixels = new byte[count * 32 * 32 * 3];
        random.nextBytes(pixels);
        return new ImageSet(32, 32, 3, pixels, random.ints(count, 0, 10).toArray());
    }

    @Test
    void shouldPredictInBatchesWhatItPredictsAtOnce() {
        ImageSet images = images(7);
        List<String> told = new ArrayList<>();

        Predictions predictions = Evaluator.predict(
                network, Tap.NONE, images, PREPROCESSING, 3, (done, total) -> told.add(done + "/" + total));

        try (Scope _ = Scope.open()) {
            float[] atOnce = network.run(PREPROCESSING.batch(images, 0, 7)).toFloats();
            assertThat(predictions.logits().values()).containsExactly(atOnce, within(1e-4f));
        }
        assertThat(predictions.logits().shape()).containsExactly(7, 10);
        assertThat(told).containsExactly("3/7", "6/7", "7/7");
    }

    @Test
    void shouldMeasureTheLabelsOfTheImages() {
        ImageSet images = images(9);
        Predictions predictions = Evaluator.predict(network, Tap.NONE, images, PREPROCESSING, 4, ProgressListener.NONE);
        for (int i = 0; i < 6; i++) {
            images.labels()[i] = predictions.best(i);
        }
        for (int i = 6; i < 9; i++) {
            images.labels()[i] = (predictions.best(i) + 1) % 10;
        }

        Accuracy accuracy = Evaluator.evaluate(network, Tap.NONE, images, PREPROCESSING, 4, ProgressListener.NONE);

        assertThat(accuracy.count()).isEqualTo(9);
        assertThat(accuracy.top1()).isEqualTo(6 / 9.0);
        assertThat(accuracy.top5()).isGreaterThanOrEqualTo(accuracy.top1());
    }

    @Test
    void shouldRunWithTheTap() {
        Tap silencing = new Tap() {
            @Override
            public Tensor after(Node node, Tensor value) {
                return node.name().equals("linear") ? value.sub(value) : value;
            }
        };

        Predictions predictions =
                Evaluator.predict(network, silencing, images(2), PREPROCESSING, 2, ProgressListener.NONE);

        assertThat(predictions.logits().values()).containsOnly(0);
    }

    @Test
    void shouldRefuseNothingToDo() {
        assertThatThrownBy(
                        () -> Evaluator.predict(network, Tap.NONE, images(0), PREPROCESSING, 2, ProgressListener.NONE))
                .isInstanceOf(EngineException.class)
                .hasMessage("images is 0, expected at least 1");
        assertThatThrownBy(
                        () -> Evaluator.predict(network, Tap.NONE, images(1), PREPROCESSING, 0, ProgressListener.NONE))
                .isInstanceOf(EngineException.class)
                .hasMessage("batchSize is 0, expected at least 1");
    }
}
