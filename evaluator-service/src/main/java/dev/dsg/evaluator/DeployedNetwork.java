package dev.dsg.evaluator;

import ai.onnxruntime.OrtException;
import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.engine.evaluation.Evaluator.Classifier;
import dev.dsg.engine.format.onnx.OnnxRuntime;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.tensor.Tensor;

/** An artefact where it is meant to run: in ONNX Runtime. */
final class DeployedNetwork implements Classifier, AutoCloseable {

    private final OnnxRuntime runtime;

    /** @throws DsgException {@code CORRUPT_OBJECT} if ONNX Runtime does not take the model */
    DeployedNetwork(byte[] model) {
        try {
            runtime = new OnnxRuntime(model);
        } catch (OrtException e) {
            throw refused(e);
        }
    }

    @Override
    public HostTensor logits(Tensor images) {
        try {
            return runtime.run(new HostTensor(images.shape(), images.toFloats()));
        } catch (OrtException e) {
            throw refused(e);
        }
    }

    @Override
    public void close() {
        try {
            runtime.close();
        } catch (OrtException e) {
            throw refused(e);
        }
    }

    /** What to make of a model that ONNX Runtime does not take. */
    static DsgException refused(OrtException e) {
        return new DsgException(
                ErrorCode.CORRUPT_OBJECT, "artifact.onnx", e.getMessage(), "a model that ONNX Runtime computes", e);
    }
}
