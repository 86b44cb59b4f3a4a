package dev.dsg.engine.analysis;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.quantization.CalibrationImages;
import java.util.List;
import java.util.stream.IntStream;

/** Images drawn from batches, without copying what is not drawn. */
final class Sample {

    private Sample() {}

    /** At most {@code limit} images, evenly drawn from all of {@code batches [batch, channels, height, width]}. */
    static HostTensor of(int limit, List<HostTensor> batches) {
        CalibrationImages images = new CalibrationImages(batches);
        int all = images.count();
        if (all == 0) {
            throw new EngineException(Kind.INVALID_SETTING, "images", 0, "at least 1");
        }
        int count = Math.min(limit, all);
        return images.pick(IntStream.range(0, count)
                .map(i -> (int) ((long) i * all / count))
                .toArray());
    }

    /** Images {@code from} (inclusive) to {@code to} (exclusive). */
    static HostTensor rows(HostTensor images, int from, int to) {
        return new CalibrationImages(List.of(images))
                .pick(IntStream.range(from, to).toArray());
    }
}
