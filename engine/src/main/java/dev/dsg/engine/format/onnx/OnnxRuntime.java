package dev.dsg.engine.format.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.dsg.engine.graph.HostTensor;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;

/**
 * One model in ONNX Runtime, on one thread, which sleeps where it waits. Needs the library of ONNX Runtime, which does not come with the engine, and
 * a JVM whose command line is shorter than 4,000 characters: with a longer one ONNX Runtime 1.29 crashes as it starts.
 */
public final class OnnxRuntime implements AutoCloseable {

    /** On how many threads a model runs. */
    public static final int THREADS = 1;
    /** Whether threads that wait keep a core busy. */
    public static final boolean SPINNING = false;

    private static final String SPINS = SPINNING ? "1" : "0";

    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    private final OrtSession session;

    public OnnxRuntime(byte[] model) throws OrtException {
        this(model, null);
    }

    /** @param optimized where to write the model as ONNX Runtime's own optimisations leave it, or null */
    public OnnxRuntime(byte[] model, Path optimized) throws OrtException {
        options.setIntraOpNumThreads(THREADS);
        options.setInterOpNumThreads(THREADS);
        options.addConfigEntry("session.intra_op.allow_spinning", SPINS);
        options.addConfigEntry("session.inter_op.allow_spinning", SPINS);
        options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
        if (optimized != null) {
            options.setOptimizedModelFilePath(optimized.toString());
        }
        session = environment.createSession(model, options);
    }

    /** The version of ONNX Runtime, such as {@code 1.29.0}. */
    public static String version() {
        return OrtEnvironment.getEnvironment().getVersion();
    }

    /** The output for the batch {@code input}. */
    public HostTensor run(HostTensor input) throws OrtException {
        try (OnnxTensor x = OnnxTensor.createTensor(environment, FloatBuffer.wrap(input.values()), input.shape());
                OrtSession.Result result =
                        session.run(Map.of(session.getInputNames().iterator().next(), x))) {
            OnnxTensor output = (OnnxTensor) result.get(0);
            float[] values = new float[output.getFloatBuffer().remaining()];
            output.getFloatBuffer().get(values);
            return new HostTensor(output.getInfo().getShape(), values);
        }
    }

    @Override
    public void close() throws OrtException {
        session.close();
        options.close();
    }
}
