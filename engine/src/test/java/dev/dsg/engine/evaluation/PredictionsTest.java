package dev.dsg.engine.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.graph.HostTensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class PredictionsTest {

    private static Predictions of(int classes, float... logits) {
        return new Predictions(new HostTensor(new long[] {logits.length / classes, classes}, logits));
    }

    @Test
    void shouldCountTheLargestAndTheFiveLargest() {
        Predictions predictions = of(6, new float[] {
            9, 1, 2, 3, 4, 5, // label 0 ranks first
            5, 9, 4, 3, 2, 1, // label 0 ranks second
            5, 9, 8, 7, 6, 1, // label 0 ranks fifth
            0, 9, 8, 7, 6, 1 // label 0 ranks sixth
        });

        assertThat(predictions.accuracy(new int[4])).isEqualTo(new Accuracy(4, 0.25, 0.75));
    }

    @Test
    void shouldRankTheLowerNumberedOfEqualLogitsFirst() {
        Predictions predictions = of(3, 1, 1, 0);

        assertThat(predictions.best(0)).isZero();
        assertThat(predictions.accuracy(new int[] {0}).top1()).isEqualTo(1);
        assertThat(predictions.accuracy(new int[] {1}).top1()).isZero();
    }

    @Test
    void shouldRankWhatIsNotANumberLast() {
        Predictions predictions = of(2, Float.NaN, -5);

        assertThat(predictions.best(0)).isEqualTo(1);
        assertThat(predictions.accuracy(new int[] {0}).top1()).isZero();
    }

    @Test
    void shouldShareTheClassesThatTwoNetworksAgreeOn() {
        Predictions one = of(2, 1, 0, 1, 0, 1, 0, 1, 0);
        Predictions other = of(2, 3, 1, 0, 1, 5, 4, 8, 2);

        assertThat(one.agreement(other)).isEqualTo(0.75);
        assertThat(one.agreement(one)).isEqualTo(1);
    }

    @Test
    void shouldJoinAnswersOnPartsOfASet() {
        Predictions first = of(2, 1, 0, 0, 1);
        Predictions second = of(2, 1, 0);
        int[] labels = {0, 0};

        Answers joined = Answers.concat(List.of(first.answers(labels), second.answers(new int[] {0})));

        assertThat(joined.accuracy()).isEqualTo(of(2, 1, 0, 0, 1, 1, 0).accuracy(new int[3]));
        assertThat(joined.changeTo(of(2, 1, 0, 1, 0, 1, 0).answers(new int[3])).agreement())
                .isEqualTo(2 / 3.0);
        assertThatThrownBy(() -> joined.changeTo(second.answers(new int[1])))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldRefuseLabelsThatAreNoClasses() {
        assertThatThrownBy(() -> of(2, 1, 0, 0, 1).accuracy(new int[] {1, 2}))
                .isInstanceOf(EngineException.class)
                .hasMessage("label is 2, expected 0..1");
        assertThatThrownBy(() -> of(2, 1, 0).accuracy(new int[] {0, 0})).isInstanceOf(IllegalArgumentException.class);
    }
}
