package dev.dsg.engine.synthesis;

import dev.dsg.engine.execution.Tap;
import dev.dsg.engine.graph.Node;
import dev.dsg.engine.graph.Op;
import dev.dsg.engine.graph.Size;
import dev.dsg.engine.tensor.Tensor;
import java.util.List;
import java.util.Random;

/**
 * Lets every convolution that skips pixels skip others each time (swing convolution; Jeon et al., CVPR 2023): what it reads
 * is moved by -1, 0 or 1 rows and columns, all images of the batch alike, and the edge is filled by reflection. Otherwise
 * the pixels that a stride leaves out would learn nothing, and the images show a pattern of its period.
 */
final class Swing implements Tap {

    private final Random random;

    /** @param random the batch's own stream */
    Swing(Random random) {
        this.random = random;
    }

    @Override
    public Tensor before(Node node, Tensor value) {
        boolean skips = node.op() instanceof Op.Conv conv && !conv.stride().equals(Size.ONE);
        return skips ? moved(moved(value, 2, random.nextInt(3) - 1), 3, random.nextInt(3) - 1) : value;
    }

    /** {@code x} padded by one at both ends of {@code axis}, by reflection, and cut to its length {@code by} from the middle. */
    static Tensor moved(Tensor x, int axis, int by) {
        long n = x.size(axis);
        if (by == 0 || n == 1) {
            return x;
        }
        return by > 0
                ? Tensor.concat(List.of(x.slice(axis, 1, n, 1), x.slice(axis, n - 2, n - 1, 1)), axis)
                : Tensor.concat(List.of(x.slice(axis, 1, 2, 1), x.slice(axis, 0, n - 1, 1)), axis);
    }
}
