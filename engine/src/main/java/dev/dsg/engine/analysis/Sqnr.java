package dev.dsg.engine.analysis;

/**
 * A signal-to-quantization-noise ratio in the making: {@code 10 log10(sum x^2 / sum (x - x')^2)} decibels, over all pairs
 * that were added. Sums are taken in double precision on the host, in one order, whatever the number of threads.
 */
final class Sqnr {

    private static final double LARGEST = 200;

    private double signal;
    private double noise;

    /** Adds what is exact and what is left of it after quantization, of one length. */
    Sqnr add(float[] exact, float[] quantized) {
        if (exact.length != quantized.length) {
            throw new IllegalArgumentException(exact.length + " values against " + quantized.length);
        }
        for (int i = 0; i < exact.length; i++) {
            double difference = (double) exact[i] - quantized[i];
            signal += (double) exact[i] * exact[i];
            noise += difference * difference;
        }
        return this;
    }

    /** The ratio, -200..200; 200 where there is no noise, -200 where what is left is no number. */
    double decibels() {
        if (!Double.isFinite(noise)) {
            return -LARGEST;
        }
        if (noise == 0) {
            return LARGEST;
        }
        // StrictMath: the last digit of Math's logarithm is up to the machine.
        return signal == 0 ? -LARGEST : Math.clamp(10 * StrictMath.log10(signal / noise), -LARGEST, LARGEST);
    }
}
