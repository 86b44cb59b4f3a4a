package dev.dsg.standalone.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainingVariantTest {

    @Test
    void shouldKnowWhatItsNamesStandFor() {
        assertThat(TrainingVariant.parse("ptq").fields()).isEmpty();
        assertThat(TrainingVariant.parse("generator-no-lse").fields())
                .containsExactly(
                        "quantization.scheme=qat", "training.source=generator", "synthesis.layerEnhancement=0");
        assertThat(TrainingVariant.parse("inversion-plain").fields())
                .containsExactly(
                        "quantization.scheme=qat",
                        "training.source=inversion",
                        "synthesis.slackPercentile=0",
                        "synthesis.layerEnhancement=0",
                        "synthesis.correlationInhibition=0");
        assertThat(TrainingVariant.names()).hasSize(11);
    }

    @Test
    void shouldTakeFieldsUnderAnyName() {
        assertThat(TrainingVariant.parse("mine:quantization.scheme=qat:training.milestones=[2,4]"))
                .isEqualTo(
                        new TrainingVariant("mine", List.of("quantization.scheme=qat", "training.milestones=[2,4]")));
        assertThat(TrainingVariant.parse("inversion:training.window=2").fields())
                .endsWith("training.source=inversion", "training.window=2");
    }

    @ParameterizedTest
    @CsvSource({
        "inversoin, one of inversion (the nearest)",
        "'', is not a variant",
        "ptq:, not of the form FIELD=VALUE",
        "mine:training.epochs, not of the form FIELD=VALUE"
    })
    void shouldSayWhatAVariantMayBe(String text, String expected) {
        assertThatThrownBy(() -> TrainingVariant.parse(text)).hasMessageContaining(expected);
    }
}
