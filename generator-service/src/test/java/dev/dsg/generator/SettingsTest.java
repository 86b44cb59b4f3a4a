package dev.dsg.generator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dsg.contracts.job.JobRequest;
import dev.dsg.engine.synthesis.Initialization;
import dev.dsg.engine.synthesis.Statistics;
import dev.dsg.engine.synthesis.SynthesisSettings;
import dev.dsg.platform.wire.Json;
import org.junit.jupiter.api.Test;

class SettingsTest {

    @Test
    void shouldPassOnEveryField() {
        assertThat(settings("""
            "init": "uniform", "iterations": 3, "learningRate": 0.25, "plateauPatience": 7, "slackPercentile": 0.75,
            "layerEnhancement": 2.0, "correlationInhibition": 0.5, "populationAlignment": 0.75, "labelLoss": 1.5, "totalVariation": 0.125,
            "pixelNorm": 0.0625, "parameterization": "a-plug-in", "swing": true, "generatorLearningRate": 0.5
            """))
                .isEqualTo(new SynthesisSettings(
                        Initialization.UNIFORM,
                        3,
                        0.25,
                        7,
                        0.75,
                        2,
                        0.5,
                        0.75,
                        1.5,
                        0.125,
                        0.0625,
                        "a-plug-in",
                        Statistics.IMAGE,
                        true,
                        0.5));
    }

    @Test
    void shouldMeanWhatWasReleased() {
        assertThat(settings("\"method\": \"dsg-released\""))
                .isEqualTo(new SynthesisSettings(
                        Initialization.UNIFORM,
                        500,
                        0.9,
                        260,
                        0.9,
                        3,
                        1e-4 / 40,
                        0,
                        2,
                        0.01,
                        0.01,
                        "pixels",
                        Statistics.IMAGE,
                        false,
                        0.01));
    }

    @Test
    void shouldTrainAGeneratorForGenie() {
        var settings = settings("\"method\": \"genie\"");
        assertThat(settings.parameterization()).isEqualTo("latents");
        assertThat(settings.statistics()).isEqualTo(Statistics.BATCH);
    }

    private static SynthesisSettings settings(String synthesis) {
        var json = "{\"jobId\": \"j1\", \"model\": \"m\", \"synthesis\": {" + synthesis + "}}";
        return Settings.of(
                Json.parse(json.getBytes(UTF_8), JobRequest.class).resolve().synthesis());
    }
}
