package dev.dsg.engine.synthesis;

import dev.dsg.engine.tensor.Tensor;

/**
 * Sample correlation inhibition: keeps the images of a batch from becoming alike.
 *
 * <p>With the images flattened and normalised to length 1, their Gram matrix G holds the cosines between them. The
 * published loss compares the eigenvalues of G with those of Gaussian images, which are all nearly 1; for eigenvalues
 * exactly 1 their mean squared difference is
 *
 * <pre>1/B |G - I|^2 = 1/B sum_{a != b} cos^2(x_a, x_b)</pre>
 *
 * and needs no decomposition.
 */
final class CorrelationInhibition {

    private CorrelationInhibition() {}

    /** {@code 1/B |G - I|^2} of {@code x [batch, channels, height, width]}, 0-dimensional. */
    static Tensor loss(Tensor x) {
        int batch = Math.toIntExact(x.size(0));
        return gram(x).sub(identity(batch)).square().sum().div(batch);
    }

    /** G, {@code [batch, batch]}. */
    static Tensor gram(Tensor x) {
        Tensor flat = x.reshape(x.size(0), -1);
        Tensor unit = flat.div(flat.norm(1).add(1e-12).reshape(-1, 1));
        return unit.matMul(unit.transpose(1, 0));
    }

    private static Tensor identity(int n) {
        float[] values = new float[n * n];
        for (int i = 0; i < n; i++) {
            values[i * n + i] = 1;
        }
        return Tensor.of(values, n, n);
    }
}
