package dev.dsg.engine.training;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import java.util.List;

/** How the learning rate goes over the steps of a training. */
public sealed interface Schedule permits Schedule.Milestones, Schedule.Cosine, OneCycle {

    /** The learning rate of a step, counted from 0. */
    double at(int step);

    /**
     * Falls at given steps.
     *
     * @param start the learning rate of step 0, above 0
     * @param milestones the steps, ascending and above 0, from each of which on the rate is {@code decay} times what it was
     * @param decay above 0, at most 1
     */
    record Milestones(double start, List<Integer> milestones, double decay) implements Schedule {

        public Milestones {
            requireRate(start);
            milestones = List.copyOf(milestones);
            int before = 0;
            for (int milestone : milestones) {
                require("milestones", milestones, milestone > before, "ascending steps above 0");
                before = milestone;
            }
            require("decay", decay, decay > 0 && decay <= 1, "above 0, at most 1");
        }

        @Override
        public double at(int step) {
            long passed = milestones.stream().filter(m -> m <= step).count();
            return start * Math.pow(decay, passed);
        }
    }

    /**
     * Falls to 0 along half a cosine (Loshchilov and Hutter, 2017, equation 5, without restarts).
     *
     * @param start the learning rate of step 0, above 0
     * @param steps the number of steps, at least 1; whatever comes after them has rate 0
     */
    record Cosine(double start, int steps) implements Schedule {

        public Cosine {
            requireRate(start);
            require("steps", steps, steps >= 1, "at least 1");
        }

        @Override
        public double at(int step) {
            return start * (1 + Math.cos(Math.PI * Math.min(step, steps) / steps)) / 2;
        }
    }

    private static void requireRate(double start) {
        require("learningRate", start, start > 0 && Double.isFinite(start), "above 0 and finite");
    }

    private static void require(String field, Object value, boolean holds, String expected) {
        if (!holds) {
            throw new EngineException(Kind.INVALID_SETTING, field, value, expected);
        }
    }
}
