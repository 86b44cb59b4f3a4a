package dev.dsg.standalone.measure;

import ai.onnxruntime.OrtException;
import dev.dsg.engine.ProgressListener;
import dev.dsg.engine.data.ImageSet;
import dev.dsg.engine.evaluation.Evaluator;
import dev.dsg.engine.evaluation.Predictions;
import dev.dsg.engine.execution.Interpreter;
import dev.dsg.engine.execution.Tap;
import dev.dsg.engine.format.onnx.OnnxExport;
import dev.dsg.engine.format.onnx.OnnxRuntime;
import dev.dsg.engine.graph.BatchNormFolding;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.graph.Shape;
import dev.dsg.engine.quantization.PostTrainingQuantizer;
import dev.dsg.engine.quantization.QuantizationSettings;
import dev.dsg.engine.quantization.QuantizedNetwork;
import dev.dsg.engine.quantization.Target;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.standalone.measure.Subject.Network;
import java.util.List;

/**
 * A network as an ONNX model, and what the interpreter computes in its place.
 *
 * @param name such as {@code W8A8}
 * @param graph what the interpreter runs
 * @param tap what it runs it with
 * @param model the bytes of the ONNX model
 */
record Export(String name, Graph graph, Tap tap, byte[] model) {

    private static final int BATCH = 500;

    /** The network in float32, as fast as a runtime can have it: BatchNorm is folded away. */
    static Export float32(Network network, Shape input) {
        Graph folded = new BatchNormFolding(0).fold(network.graph());
        return new Export("fp32", folded, Tap.NONE, OnnxExport.float32(folded, input));
    }

    /** The network with integers of the given widths, for ONNX Runtime. */
    static Export quantized(Network network, Shape input, int weightBits, int activationBits, List<HostTensor> images) {
        QuantizedNetwork quantized = new PostTrainingQuantizer(
                        QuantizationSettings.of(Target.ONNXRUNTIME, weightBits, activationBits))
                .quantize(network.graph(), images, ProgressListener.NONE);
        String name = "W" + weightBits + "A" + activationBits;
        return new Export(name, quantized.graph(), quantized.tap(), quantized.toOnnx(input));
    }

    /** What the interpreter says of {@code images}. */
    Predictions predicted(Network network, ImageSet images) {
        try (Interpreter interpreter = new Interpreter(graph)) {
            return Evaluator.predict(interpreter, tap, images, network.preprocessing(), BATCH, ProgressListener.NONE);
        }
    }

    /** What ONNX Runtime says of {@code images}. */
    Predictions computed(Network network, ImageSet images) throws OrtException {
        float[] logits = {};
        int classes = 0;
        try (OnnxRuntime runtime = new OnnxRuntime(model)) {
            for (int from = 0; from < images.count(); from += BATCH) {
                HostTensor made = runtime.run(batch(network, images, from, Math.min(images.count(), from + BATCH)));
                if (from == 0) {
                    classes = made.size(1);
                    logits = new float[images.count() * classes];
                }
                System.arraycopy(made.values(), 0, logits, from * classes, made.values().length);
            }
        }
        return new Predictions(new HostTensor(new long[] {images.count(), classes}, logits));
    }

    private static HostTensor batch(Network network, ImageSet images, int from, int to) {
        try (Scope _ = Scope.open()) {
            var batch = network.preprocessing().batch(images, from, to);
            return new HostTensor(batch.shape(), batch.toFloats());
        }
    }
}
