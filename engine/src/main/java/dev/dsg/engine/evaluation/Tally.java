package dev.dsg.engine.evaluation;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The counts that all measures of one classifier are made of. They are whole numbers, so those of the parts of a set add
 * up, in any order, to exactly those of the set.
 *
 * @param classes one count for each class
 * @param few of how many images the right class was among the five that rank first
 * @param bins counts by confidence: bin i holds those above i/15, up to (i+1)/15
 */
public record Tally(List<ClassCount> classes, int few, List<Bin> bins) {

    /** How many bins there are. */
    public static final int BINS = 15;

    private static final int FEW = 5;

    /**
     * The images of one class.
     *
     * @param images how many there are
     * @param right how many of them were recognised
     */
    public record ClassCount(int images, int right) {
        public ClassCount {
            requireShare(right, images);
        }

        private ClassCount plus(ClassCount other) {
            return new ClassCount(images + other.images, right + other.right);
        }
    }

    /**
     * The images of which a classifier was about equally sure.
     *
     * @param images how many there are
     * @param right how many of them were recognised
     * @param confidence the sum of the probabilities of the classes that ranked first, in billionths
     */
    public record Bin(int images, int right, long confidence) {
        public Bin {
            requireShare(right, images);
        }

        private Bin plus(Bin other) {
            return new Bin(images + other.images, right + other.right, confidence + other.confidence);
        }

        /** How often it was right, 0..1; 0 of no images. */
        public double accuracy() {
            return images == 0 ? 0 : (double) right / images;
        }

        /** How sure it was on average, 0..1; 0 of no images. */
        public double meanConfidence() {
            return images == 0 ? 0 : (double) confidence / Answers.BILLION / images;
        }

        private double gap() {
            return Math.abs(right - (double) confidence / Answers.BILLION);
        }
    }

    public Tally {
        classes = List.copyOf(classes);
        bins = List.copyOf(bins);
        if (classes.isEmpty() || bins.size() != BINS) {
            throw new IllegalArgumentException(classes.size() + " classes and " + bins.size() + " bins");
        }
        int right = classes.stream().mapToInt(ClassCount::right).sum();
        int images = classes.stream().mapToInt(ClassCount::images).sum();
        requireShare(few, images);
        if (right > few || images != bins.stream().mapToInt(Bin::images).sum()) {
            throw new IllegalArgumentException("counts of " + images + " images that contradict each other");
        }
    }

    static Tally of(Answers answers) {
        int[] images = new int[answers.classes()];
        int[] right = new int[answers.classes()];
        int[] binned = new int[BINS];
        int[] rightBinned = new int[BINS];
        long[] confidence = new long[BINS];
        int few = 0;
        for (int i = 0; i < answers.count(); i++) {
            int one = answers.right(i) ? 1 : 0;
            int bin = bin(answers.confidences()[i]);
            images[answers.labels()[i]]++;
            right[answers.labels()[i]] += one;
            binned[bin]++;
            rightBinned[bin] += one;
            confidence[bin] += answers.confidences()[i];
            few += answers.ranks()[i] < FEW ? 1 : 0;
        }
        return new Tally(
                IntStream.range(0, images.length)
                        .mapToObj(c -> new ClassCount(images[c], right[c]))
                        .toList(),
                few,
                IntStream.range(0, BINS)
                        .mapToObj(b -> new Bin(binned[b], rightBinned[b], confidence[b]))
                        .toList());
    }

    /** The counts of two parts of a set. */
    public Tally plus(Tally other) {
        if (classes.size() != other.classes.size()) {
            throw new IllegalArgumentException(other.classes.size() + " classes beside " + classes.size());
        }
        return new Tally(
                IntStream.range(0, classes.size())
                        .mapToObj(c -> classes.get(c).plus(other.classes.get(c)))
                        .toList(),
                few + other.few,
                IntStream.range(0, BINS)
                        .mapToObj(b -> bins.get(b).plus(other.bins.get(b)))
                        .toList());
    }

    /** The number of images. */
    public int images() {
        return classes.stream().mapToInt(ClassCount::images).sum();
    }

    /** Of how many images the right class ranked first. */
    public int right() {
        return classes.stream().mapToInt(ClassCount::right).sum();
    }

    /** The share of images, 0..1, of which the right class ranked first. */
    public double top1() {
        return (double) right() / images();
    }

    /** The share of images, 0..1, of which the right class was among the first five. */
    public double top5() {
        return (double) few / images();
    }

    /**
     * The expected calibration error, 0..1: how far what a classifier believes is from how often it is right, on average
     * over the images in their bins. Naeini, Cooper and Hauskrecht, "Obtaining well calibrated probabilities using Bayesian
     * binning", 2015, equation 2; with 15 bins of equal width as Guo et al., "On calibration of modern neural networks", 2017.
     */
    public double calibrationError() {
        return bins.stream().mapToDouble(Bin::gap).sum() / images();
    }

    /** The counts of the parts of a set, of which there is at least one. */
    public static Tally sum(Stream<Tally> parts) {
        return parts.reduce(Tally::plus).orElseThrow();
    }

    private static int bin(int confidence) {
        return (int) ((long) Math.max(0, confidence - 1) * BINS / Answers.BILLION);
    }

    private static void requireShare(int count, int of) {
        if (count < 0 || count > of) {
            throw new IllegalArgumentException(count + " of " + of);
        }
    }
}
