package dev.dsg.contracts.result;

import dev.dsg.contracts.error.Require;
import java.util.List;

/**
 * How often a network and what was made of it are right, on the same images. All shares are fractions; all intervals are of
 * 95 % confidence, for images of the kind of which these are a sample.
 *
 * @param images number of images it was measured on
 * @param fp32 of the network as it came
 * @param quantized of the artefact
 * @param agreement share of the images of which both say the same class, right or wrong
 * @param change what the artefact lost and won
 * @param classes the same by class
 */
public record Accuracy(
        int images, Score fp32, Score quantized, double agreement, Change change, List<ClassScore> classes) {

    /**
     * Where a number lies.
     *
     * @param low its lower end
     * @param high its upper end
     */
    public record Interval(double low, double high) {
        /** Refuses ends in the wrong order. */
        public Interval {
            Require.within("interval.high", high, low, Double.MAX_VALUE);
        }
    }

    /**
     * How often a classifier is right, and how well it knows that.
     *
     * @param top1 share of the images whose class has the largest logit
     * @param top5 share of those whose class is among the five largest
     * @param top1Interval where the first lies, by Wilson's score
     * @param top5Interval where the second lies
     * @param calibrationError expected calibration error: how far confidence is from accuracy, on average over the images
     * @param calibration by confidence, in bins of equal width from 0 to 1
     */
    public record Score(
            double top1,
            double top5,
            Interval top1Interval,
            Interval top5Interval,
            double calibrationError,
            List<Bin> calibration) {
        /** Refuses numbers that are no such shares, and missing parts. */
        public Score {
            Require.within("top1", top1, 0, 1);
            Require.within("top5", top5, top1, 1);
            Require.present("top1Interval", top1Interval);
            Require.present("top5Interval", top5Interval);
            Require.within("calibrationError", calibrationError, 0, 1);
            calibration = Require.list("calibration", calibration, 1);
        }
    }

    /**
     * The images of which a classifier was about equally sure.
     *
     * @param images how many
     * @param accuracy the share of them of which it was right; 0 of none
     * @param confidence how sure it was on average; 0 of none
     */
    public record Bin(int images, double accuracy, double confidence) {
        /** Refuses numbers that are no shares. */
        public Bin {
            Require.atLeast("bin.images", images, 0);
            Require.within("bin.accuracy", accuracy, 0, 1);
            Require.within("bin.confidence", confidence, 0, 1);
        }
    }

    /**
     * What quantization did to top-1, counted image by image.
     *
     * @param drop top-1 before less top-1 after; negative where more was won
     * @param dropInterval where it lies, by the adjusted Wald interval of Agresti and Min
     * @param lost images that were right before and are wrong now
     * @param won images that were wrong before and are right now
     */
    public record Change(double drop, Interval dropInterval, int lost, int won) {
        /** Refuses numbers that count nothing. */
        public Change {
            Require.within("change.drop", drop, -1, 1);
            Require.present("change.dropInterval", dropInterval);
            Require.atLeast("change.lost", lost, 0);
            Require.atLeast("change.won", won, 0);
        }
    }

    /**
     * One class.
     *
     * @param name its name
     * @param images how many there are of it
     * @param fp32 how many of them the network as it came recognises
     * @param quantized how many the artefact does
     */
    public record ClassScore(String name, int images, int fp32, int quantized) {
        /** Refuses more than all. */
        public ClassScore {
            Require.text("class.name", name);
            Require.atLeast("class.images", images, 0);
            Require.within("class.fp32", fp32, 0, images);
            Require.within("class.quantized", quantized, 0, images);
        }

        /** How much of the class was lost, -1..1; 0 of no images. */
        public double drop() {
            return images == 0 ? 0 : (double) (fp32 - quantized) / images;
        }
    }

    /** Refuses missing parts and measurements on nothing. */
    public Accuracy {
        Require.atLeast("accuracy.images", images, 1);
        Require.present("accuracy.fp32", fp32);
        Require.present("accuracy.quantized", quantized);
        Require.within("accuracy.agreement", agreement, 0, 1);
        Require.present("accuracy.change", change);
        classes = Require.list("accuracy.classes", classes, 1);
    }
}
