package dev.dsg.standalone.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dsg.engine.analysis.NetworkAnalysis;
import dev.dsg.engine.analysis.NetworkAnalysis.Diversity;
import dev.dsg.engine.analysis.NetworkAnalysis.Layer;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LayerTableTest {

    @Test
    void shouldShowTheWorstLayersFirst() {
        // Given
        var analysis = new NetworkAnalysis(
                64,
                10.76,
                List.of(
                        new Layer("conv1", 4, 432, 21.75, 21.85, 18.94),
                        new Layer("conv2", 4, 2_304, 18, 17.22, 17.63),
                        new Layer("linear", 8, 640, 40, 10.76, 43.76)),
                List.of(),
                List.of(),
                new Diversity(0, 64),
                new Diversity(0.9, 2));

        // When / Then
        assertThat(new LayerTable(analysis, 2).lines())
                .containsExactly(
                        "signal over quantization noise of the network: 10.8 dB; of the layers that hurt most:",
                        "layer  bits  weights  weights dB  its output dB  alone, at the end dB",
                        "conv2     4    2,304        18.0           17.2                  17.6",
                        "conv1     4      432        21.8           21.9                  18.9");
    }
}
