package dev.dsg.engine.qat;

import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.qat.StudentSettings.WeightSteps;
import dev.dsg.engine.quantization.AffineQuantizer;
import dev.dsg.engine.quantization.QuantizedWeight;
import dev.dsg.engine.quantization.WeightGrid;
import dev.dsg.engine.tensor.AdamLeaf;
import dev.dsg.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;

/** How the float weight of one layer, which is what is trained, becomes the quantized one that the network computes with. */
final class StudentWeight implements AutoCloseable {

    /** Next to the middle between two integers, on the side of the right one. */
    private static final float ALMOST_HALF = 0.49f;

    private final WeightGrid grid;
    private final AffineQuantizer start;
    /** One for each output channel, {@code [out, 1, ...]}; only if steps are learned. */
    private final Optional<AdamLeaf> factors;

    StudentWeight(WeightGrid grid, QuantizedWeight start, WeightSteps steps) {
        this.grid = grid;
        this.start = start.quantizer();
        this.factors = switch (steps) {
            case RECOMPUTED -> Optional.empty();
            case LEARNED -> Optional.of(ones(start.shape()));
        };
    }

    private static AdamLeaf ones(long[] weight) {
        long[] shape = new long[weight.length];
        Arrays.fill(shape, 1);
        shape[0] = weight[0];
        float[] ones = new float[Math.toIntExact(weight[0])];
        Arrays.fill(ones, 1);
        return new AdamLeaf(ones, shape);
    }

    /** What is trained beside the weight. */
    Optional<AdamLeaf> factors() {
        return factors;
    }

    /**
     * The float weight that training starts from: as near to {@code exact} as it can be and still round to the integers
     * that post-training quantization chose.
     */
    static HostTensor latent(QuantizedWeight chosen, HostTensor exact) {
        AffineQuantizer quantizer = chosen.quantizer();
        float[] scaled = quantizer.scaled(exact);
        float[] latent = exact.values().clone();
        int each = latent.length / quantizer.scale().values().length;
        for (int i = 0; i < latent.length; i++) {
            int q = chosen.integers()[i];
            int nearest = (int) Math.clamp(
                    Math.rint(scaled[i]),
                    quantizer.bits().lowest(),
                    quantizer.bits().highest());
            if (nearest != q) {
                float within = Math.clamp(scaled[i], q - ALMOST_HALF, q + ALMOST_HALF);
                latent[i] = (within + quantizer.zeroPoint().values()[i / each])
                        / quantizer.scale().values()[i / each];
            }
        }
        return new HostTensor(exact.shape(), latent);
    }

    /** The quantized values of {@code latent}, recorded, with straight-through gradients. */
    Tensor quantized(Tensor latent) {
        return factors.map(leaf -> start.learnedStep(latent, leaf.value()))
                .orElseGet(() -> quantizer(latent).straightThrough(latent));
    }

    /** The integers that {@code latent} stands for. */
    QuantizedWeight decided(Tensor latent) {
        return QuantizedWeight.nearest(quantizer(latent), host(latent));
    }

    private AffineQuantizer quantizer(Tensor latent) {
        return factors.map(leaf -> start.lengthened(leaf.toFloats()))
                .orElseGet(() -> grid.of(start.bits(), host(latent)));
    }

    private static HostTensor host(Tensor latent) {
        return new HostTensor(latent.shape(), latent.toFloats());
    }

    @Override
    public void close() {
        factors.ifPresent(AdamLeaf::close);
    }
}
