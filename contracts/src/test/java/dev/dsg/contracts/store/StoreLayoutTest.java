package dev.dsg.contracts.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.job.JobId;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreLayoutTest {
    private static final JobId JOB = JobId.parse("j1");

    @Test
    void shouldPutEverythingWhereTheDesignSays() {
        assertThat(Stream.of(
                                StoreLayout.modelCard("m"),
                                StoreLayout.modelFile("m", "model.safetensors"),
                                StoreLayout.datasetCard("d"),
                                StoreLayout.shard("d", Sha256.digest(new byte[1])),
                                StoreLayout.spec(JOB),
                                StoreLayout.modelCard(JOB),
                                StoreLayout.state(JOB),
                                StoreLayout.batch(JOB, 3),
                                StoreLayout.checkpoint(JOB, "student"),
                                StoreLayout.checkpoint(JOB, "student", 1200),
                                StoreLayout.artifact(JOB),
                                StoreLayout.onnx(JOB),
                                StoreLayout.artifactCard(JOB),
                                StoreLayout.manifest(JOB),
                                StoreLayout.layers(JOB),
                                StoreLayout.picture(JOB, "samples.png"),
                                StoreLayout.report(JOB),
                                StoreLayout.reportText(JOB),
                                StoreLayout.reportPage(JOB),
                                StoreLayout.result("m", Instant.parse("2026-01-02T03:04:05.006Z"), JOB))
                        .map(ObjectKey::toString))
                .containsExactly(
                        "models/m/model.json",
                        "models/m/model.safetensors",
                        "datasets/d/dataset.json",
                        "datasets/d/shards/" + Sha256.digest(new byte[1]) + ".safetensors",
                        "jobs/j1/spec.json",
                        "jobs/j1/model.json",
                        "jobs/j1/state.json",
                        "jobs/j1/batches/00003.safetensors",
                        "jobs/j1/checkpoints/student.json",
                        "jobs/j1/checkpoints/student/0000001200.safetensors",
                        "jobs/j1/artifact/quantized.safetensors",
                        "jobs/j1/artifact/quantized.onnx",
                        "jobs/j1/artifact/card.md",
                        "jobs/j1/artifact/manifest.json",
                        "jobs/j1/analysis/layers.json",
                        "jobs/j1/analysis/samples.png",
                        "jobs/j1/report.json",
                        "jobs/j1/report.md",
                        "jobs/j1/report.html",
                        "results/m/20260102T030405.006Z-j1.json");
    }

    @Test
    void shouldNameMarginsByTheirFingerprint() {
        Sha256 fingerprint = Sha256.digest(new byte[0]);
        assertThat(StoreLayout.margins("m", fingerprint))
                .hasToString("models/m/margins/" + fingerprint + ".safetensors");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../j1", "a/b", "..", "", "A"})
    void shouldRefuseNamesThatAreNotOneSegment(String name) {
        assertThatExceptionOfType(DsgException.class).isThrownBy(() -> StoreLayout.modelCard(name));
        assertThatExceptionOfType(DsgException.class).isThrownBy(() -> StoreLayout.datasetCard(name));
    }

    @Test
    void shouldRefuseNegativeIndices() {
        assertThatExceptionOfType(DsgException.class).isThrownBy(() -> StoreLayout.batch(JOB, -1));
    }
}
