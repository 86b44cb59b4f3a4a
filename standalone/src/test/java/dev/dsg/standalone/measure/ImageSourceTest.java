package dev.dsg.standalone.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.job.Initialization;
import dev.dsg.contracts.job.SynthesisMethod;
import org.junit.jupiter.api.Test;

class ImageSourceTest {

    @Test
    void shouldChangeWhatTheTextSaysAndNothingElse() {
        ImageSource source = ImageSource.parse("zeroq:layerEnhancement=1:init=gaussian:learningRate=0.25");

        assertThat(source.synthesis().method()).isEqualTo(SynthesisMethod.ZEROQ);
        assertThat(source.synthesis().layerEnhancement()).isEqualTo(1);
        assertThat(source.synthesis().init()).isEqualTo(Initialization.GAUSSIAN);
        assertThat(source.synthesis().learningRate()).isEqualTo(0.25);
        assertThat(source.synthesis().iterations())
                .isEqualTo(ImageSource.parse("zeroq").synthesis().iterations());
    }

    @Test
    void shouldKnowRealImages() {
        ImageSource real = ImageSource.parse("real:images=256");

        assertThat(real.isReal()).isTrue();
        assertThat(real.synthesis().batches()).isEqualTo(4);
        assertThat(ImageSource.parse("noise").isReal()).isFalse();
    }

    @Test
    void shouldRefuseWhatAJobWouldRefuse() {
        assertThatThrownBy(() -> ImageSource.parse("magic"))
                .isInstanceOf(DsgException.class)
                .hasMessageContaining("synthesis.method");
        assertThatThrownBy(() -> ImageSource.parse("dsg:slak=1")).hasMessageContaining("slak");
        assertThatThrownBy(() -> ImageSource.parse("dsg:slackPercentile=2")).hasMessageContaining("slackPercentile");
    }
}
