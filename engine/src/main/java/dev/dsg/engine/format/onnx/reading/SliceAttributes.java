package dev.dsg.engine.format.onnx.reading;

import dev.dsg.engine.EngineException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** What a Slice cuts; older files say it in attributes, newer ones in inputs. */
final class SliceAttributes {

    private SliceAttributes() {}

    /**
     * A cut along one axis, as the file gives it: negative places count from the end, and places beyond it mean the end.
     */
    record Cut(int axis, long start, long end, long step) {

        /** The places that are kept of {@code length}, in the order in which they come. */
        int[] places(int length) {
            if (step > 0) {
                long from = Math.clamp(fromFront(start, length), 0, length);
                long to = Math.clamp(fromFront(end, length), 0, length);
                return IntStream.range(0, (int) Math.ceilDiv(Math.max(0, to - from), step))
                        .map(i -> (int) (from + i * step))
                        .toArray();
            }
            long from = Math.clamp(fromFront(start, length), -1, length - 1);
            long to = Math.clamp(fromFront(end, length), -1, length - 1);
            return IntStream.range(0, (int) Math.ceilDiv(Math.max(0, from - to), -step))
                    .map(i -> (int) (from + i * step))
                    .toArray();
        }

        private static long fromFront(long place, int length) {
            return place < 0 ? place + length : place;
        }
    }

    /** The cuts of {@code call} through a value with {@code rank} dimensions. */
    static List<Cut> cuts(Call call, int rank) {
        long[] starts = call.integers("starts", 1);
        long[] ends = call.integers("ends", 2);
        if (starts == null || ends == null) {
            throw call.wrong(Kind.CORRUPT_FILE, "without starts or ends", "both");
        }
        long[] axes = call.integers("axes", 3);
        long[] steps = call.has(4) ? call.ints(4).values() : null;
        boolean fits = ends.length == starts.length
                && (axes == null || axes.length == starts.length)
                && (steps == null || steps.length == starts.length);
        if (!fits) {
            throw call.wrong(Kind.CORRUPT_FILE, starts.length + " starts", "as many ends, axes and steps");
        }
        List<Cut> cuts = new ArrayList<>();
        for (int i = 0; i < starts.length; i++) {
            long step = steps == null ? 1 : steps[i];
            if (step == 0 || Math.abs(step) > Integer.MAX_VALUE) {
                throw call.wrong(Kind.CORRUPT_FILE, "step " + step, "not 0");
            }
            cuts.add(new Cut(call.axis(axes == null ? i : axes[i], rank), starts[i], ends[i], step));
        }
        return cuts;
    }
}
