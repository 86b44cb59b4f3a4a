package dev.dsg.engine.network;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import dev.dsg.engine.execution.Interpreter;
import dev.dsg.engine.execution.Tap;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.Node;
import dev.dsg.engine.graph.Shape;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;
import java.util.Random;

/** A forward pass on noise: what a network has to get through before anything is done with it. */
public final class TrialRun {

    private static final int IMAGES = 2;

    private TrialRun() {}

    /**
     * Runs {@code graph} on a batch of standard normal noise.
     *
     * @param input the shape of one image
     * @throws EngineException {@link Kind#CORRUPT_FILE} that names the first node whose values are not finite
     */
    public static void of(Graph graph, Shape input) {
        Random random = new Random(1);
        float[] noise = new float[IMAGES * input.count()];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (float) random.nextGaussian();
        }
        try (Interpreter network = new Interpreter(graph);
                Scope _ = Scope.open()) {
            network.run(Tensor.of(noise, IMAGES, input.channels(), input.height(), input.width()), new Tap() {
                @Override
                public Tensor after(Node node, Tensor value) {
                    requireFinite(node, value);
                    return value;
                }
            });
        }
    }

    private static void requireFinite(Node node, Tensor value) {
        for (float v : value.toFloats()) {
            if (!Float.isFinite(v)) {
                throw new EngineException(
                        Kind.CORRUPT_FILE, "node " + node.name(), v, "finite values for noise; check its parameters");
            }
        }
    }
}
