package dev.dsg.engine.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.data.ImageSet;
import dev.dsg.engine.data.Preprocessing;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.network.CifarResNet;
import dev.dsg.engine.network.CifarResNet.Shortcut;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TrainerTest {

    private static final Preprocessing PLAIN =
            new Preprocessing(new float[] {.5f, .5f, .5f}, new float[] {.25f, .25f, .25f});

    @Test
    void shouldLearnAndRepeat() {
        List<Double> losses = new ArrayList<>();

        Graph once = train((_, loss) -> losses.add(loss));
        Graph again = train((_, _) -> {});

        assertThat(losses.getLast()).isLessThan(losses.getFirst() / 2);
        assertThat(again).isEqualTo(once);
        assertThat(once.initializers().get("bn1.running_mean").values()).isNotEqualTo(new float[16]);
    }

    @Test
    void shouldNameASettingOutOfBounds() {
        assertThatThrownBy(() -> new TrainingSettings(0, 128, 0.1, 0.9, 0, 1))
                .isInstanceOf(EngineException.class)
                .hasMessage("epochs is 0, expected at least 1");
    }

    private static Graph train(Trainer.Listener listener) {
        Graph start = new CifarResNet(8, Shortcut.B, 2).build(CifarResNet.randomInitialisation(new Random(1)));
        return new Trainer(new TrainingSettings(4, 16, 0.05, 0.9, 1e-4, 1), PLAIN).train(start, images(), listener);
    }

    /** Dark and bright images with noise. */
    private static ImageSet images() {
        Random random = new Random(5);
        byte[] pixels = new byte[96 * 16 * 16 * 3];
        int[] labels = new int[96];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = i % 2;
            for (int p = 0; p < 768; p++) {
                pixels[i * 768 + p] = (byte) (60 + 100 * labels[i] + random.nextInt(60));
            }
        }
        return new ImageSet(16, 16, 3, pixels, labels);
    }
}
