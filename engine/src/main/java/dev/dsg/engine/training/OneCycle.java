package dev.dsg.engine.training;

/**
 * The one-cycle learning rate (Smith and Topin, 2019), with cosine arms: from a 25th of the peak up to the peak over the
 * first {@code warmUp} of all steps, then down to almost nothing.
 *
 * @param peak the highest learning rate
 * @param warmUp the share of steps that rise, in (0, 1)
 * @param steps the number of steps: the rate is defined for 0..steps-1
 */
public record OneCycle(double peak, double warmUp, int steps) implements Schedule {

    private static final double START = 1 / 25.0;
    private static final double END = START / 1e4;

    @Override
    public double at(int step) {
        double top = warmUp * steps - 1;
        return step < top
                ? between(peak * START, peak, step / top)
                : between(peak, peak * END, (step - top) / (steps - 1 - top));
    }

    private static double between(double from, double to, double share) {
        return to + (from - to) * (1 + Math.cos(Math.PI * share)) / 2;
    }
}
