package dev.dsg.quantizer;

import static java.util.stream.Collectors.joining;

import dev.dsg.contracts.catalog.ImageShape;
import dev.dsg.contracts.catalog.ModelCard;
import dev.dsg.contracts.job.JobSpec;
import dev.dsg.contracts.job.QuantizationSpec;
import dev.dsg.contracts.job.SynthesisSpec;
import dev.dsg.contracts.job.Target;
import dev.dsg.contracts.result.BatchStream;
import dev.dsg.contracts.store.ObjectRef;
import dev.dsg.engine.graph.Node;
import dev.dsg.engine.graph.Op;
import dev.dsg.engine.quantization.QuantizedNetwork;
import dev.dsg.engine.quantization.QuantizedWeight;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What people should know about a quantized network, in Markdown. It names no job and no time: equal networks, made
 * alike, have equal cards.
 *
 * @param spec how it was made
 * @param model what it was made from
 * @param network what was made
 * @param batches the images, in order; none where they were a {@code stream}
 * @param stream what is known of images that were deleted once they had been used; {@code null} where none were
 * @param onnx the ONNX model
 */
record ArtifactCard(
        JobSpec spec,
        ModelCard model,
        QuantizedNetwork network,
        List<ObjectRef> batches,
        BatchStream stream,
        ObjectRef onnx) {

    String toMarkdown() {
        return String.join("\n", made(), interfaces(), layers(), use(), lineage());
    }

    private String made() {
        QuantizationSpec how = spec.quantization();
        return """
            # %s, %s

            The network `%s` with integer weights of %s bits in the mean and activations of %s bits, made without training
            data: by %s, seed %d. Activation ranges by %s, weights rounded by %s.
            %s%s Licence of the network: %s.
            """.formatted(
                        model.name(),
                        how.widths(),
                        model.name(),
                        new DecimalFormat("0.##", DecimalFormatSymbols.getInstance(Locale.ROOT))
                                .format(network.meanWeightBits()),
                        how.activationBits(),
                        images(),
                        spec.seed(),
                        how.range().wireName(),
                        how.rounding().wireName(),
                        training(),
                        purpose(how.target()),
                        model.licence());
    }

    private String images() {
        SynthesisSpec how = spec.synthesis();
        return stream == null
                ? "%d images that %s synthesised from the network itself"
                        .formatted(how.images(), how.method().wireName())
                : "%d batches of images by a generator network that learned from the network itself"
                        .formatted(stream.batches());
    }

    private String training() {
        return spec.training() == null
                ? ""
                : "From there it was trained on them, %d steps of %d images, to answer as the network answers.\n"
                        .formatted(spec.training().steps(), spec.training().batchSize());
    }

    private static String purpose(Target target) {
        return switch (target) {
            case REFERENCE ->
                "Made for comparison with the literature: ONNX Runtime computes it in floats, slower than the"
                        + " original.";
            case ONNXRUNTIME -> "Made for ONNX Runtime, which computes it in integers.";
        };
    }

    private String interfaces() {
        return """
            ## Input and output

            | | name | type | shape |
            |---|---|---|---|
            | input | `%s` | float32 | `[batch, %d, %d, %d]` |
            | output, logits | the only one | float32 | `[batch, %d]` |

            An image has RGB values 0..255 if it has three channels; channel by channel the network reads
            `(value / 255 - mean) / std` with mean %s and std %s.%s Classes: %s.
            """.formatted(
                        input(),
                        shape().channels(),
                        shape().height(),
                        shape().width(),
                        model.classes().size(),
                        model.mean(),
                        model.std(),
                        geometry(),
                        String.join(", ", model.classes()));
    }

    private String geometry() {
        return model.geometry() == null
                ? ""
                : " It expects images whose shorter side was scaled to %d pixels, %s, and of which the middle was cut out."
                        .formatted(
                                model.geometry().resize(),
                                model.geometry().interpolation().wireName());
    }

    private String layers() {
        return """
            ## Layers

            | weight | kind | shape | bits |
            |---|---|---|---|
            %s
            """.formatted(
                        network.graph().weighted().stream().map(this::layer).collect(joining("\n")));
    }

    private String layer(Node node) {
        String name = node.parameters().getFirst();
        QuantizedWeight weight = network.weights().get(name);
        String kind = node.op() instanceof Op.Conv ? "convolution" : "fully connected";
        return "| `%s` | %s | `%s` | %s |"
                .formatted(
                        name,
                        kind,
                        Arrays.toString(weight.shape()),
                        weight.quantizer().bits().bits());
    }

    private String use() {
        return """
            ## Use

            Python:

            ```python
            import numpy as np, onnxruntime, PIL.Image
            image = PIL.Image.open("image.png").convert("%s").resize((%d, %d))
            pixels = np.asarray(image, np.float32).reshape(%d, %d, %d) / 255
            x = ((pixels - np.float32(%s)) / np.float32(%s)).transpose(2, 0, 1)[None]
            session = onnxruntime.InferenceSession("quantized.onnx")
            print(session.run(None, {"%s": x})[0].argmax())
            ```

            Java, `x` being the floats of one image, channel after channel:

            ```java
            OrtEnvironment environment = OrtEnvironment.getEnvironment();
            try (OrtSession session = environment.createSession("quantized.onnx");
                    OnnxTensor tensor = OnnxTensor.createTensor(environment, FloatBuffer.wrap(x), new long[] {1, %d, %d, %d});
                    OrtSession.Result result = session.run(Map.of("%s", tensor))) {
                float[] logits = ((float[][]) result.get(0).getValue())[0];
            }
            ```
            """.formatted(
                        shape().channels() == 1 ? "L" : "RGB",
                        shape().width(),
                        shape().height(),
                        shape().height(),
                        shape().width(),
                        shape().channels(),
                        model.mean(),
                        model.std(),
                        input(),
                        shape().channels(),
                        shape().height(),
                        shape().width(),
                        input());
    }

    private String lineage() {
        return """
            ## Lineage

            | | SHA-256 |
            |---|---|
            | network | `%s` |
            %s
            | `quantized.onnx` | `%s` |

            `manifest.json` has the rest; what the network reaches stands in the report of its job.
            """.formatted(
                        model.weights().sha256(),
                        stream == null
                                ? batches.stream()
                                        .map(batch -> "| images | `%s` |".formatted(batch.sha256()))
                                        .collect(joining("\n"))
                                : "| images, a chain of digests | `%s` |".formatted(stream.sha256()),
                        onnx.sha256());
    }

    private String input() {
        return network.graph().nodes(Op.Input.class).getFirst().name();
    }

    private ImageShape shape() {
        return model.inputShape();
    }
}
