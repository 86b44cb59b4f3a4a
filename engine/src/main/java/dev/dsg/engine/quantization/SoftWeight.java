package dev.dsg.engine.quantization;

import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.tensor.AdamLeaf;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;

/**
 * A weight whose rounding is learned (Nagel et al., AdaRound, ICML 2020, equations 21-24). Every scaled weight {@code u}
 * becomes {@code floor(u) + h}, clamped to the integers of its width, with the rectified sigmoid
 *
 * <pre>h = clamp(1.2 / (1 + exp(-v)) - 0.1, 0, 1)</pre>
 *
 * of a variable {@code v} that starts where {@code h} is what rounding down loses, so that the weight starts unchanged.
 */
final class SoftWeight implements AutoCloseable {

    private static final double STRETCH = 1.2;
    private static final double OVERHANG = 0.1;

    private final AffineQuantizer quantizer;
    private final long[] shape;
    private final float[] floors;
    private final Tensor floor;
    private final AdamLeaf variable;

    SoftWeight(AffineQuantizer quantizer, HostTensor weight) {
        this.quantizer = quantizer;
        this.shape = weight.shape();
        float[] scaled = quantizer.scaled(weight);
        this.floors = new float[scaled.length];
        float[] start = new float[scaled.length];
        for (int i = 0; i < scaled.length; i++) {
            floors[i] = (float) Math.floor(scaled[i]);
            start[i] = (float) -Math.log(STRETCH / (scaled[i] - floors[i] + OVERHANG) - 1);
        }
        try (Scope scope = Scope.open()) {
            this.floor = scope.keep(Tensor.of(floors, shape));
        }
        this.variable = new AdamLeaf(start, shape);
    }

    /** The weight as it stands between its integers, for a backward pass to reach the variables. */
    Tensor value() {
        Tensor q = floor.add(openness())
                .clip(quantizer.bits().lowest(), quantizer.bits().highest());
        return quantizer.dequantize(q);
    }

    /** {@code h}: 0 is down, 1 is up. */
    private Tensor openness() {
        return variable.value().sigmoid().mul(STRETCH).add(-OVERHANG).clip(0, 1);
    }

    /** {@code sum 1 - |2h - 1|^beta}: 0 once every variable has decided. */
    Tensor indecision(double beta) {
        Tensor decided = openness().mul(2).add(-1).abs().pow(beta).sum();
        return decided.neg().add(floors.length);
    }

    /** The number of variables. */
    int count() {
        return floors.length;
    }

    void step(double rate) {
        variable.step(rate);
    }

    /** The weight with every variable's decision. */
    QuantizedWeight decided() {
        float[] q = variable.toFloats();
        for (int i = 0; i < q.length; i++) {
            float chosen = floors[i] + (q[i] >= 0 ? 1 : 0);
            q[i] = Math.max(quantizer.bits().lowest(), Math.min(quantizer.bits().highest(), chosen));
        }
        return QuantizedWeight.of(quantizer, shape, q);
    }

    @Override
    public void close() {
        floor.close();
        variable.close();
    }
}
