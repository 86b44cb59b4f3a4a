package dev.dsg.engine.evaluation;

/**
 * What became of the answers of a classifier when it was changed, counted image by image: what was lost and what was won
 * tells more than two accuracies, for both saw the same images. Counts of parts of a set add up to those of the set.
 *
 * @param images how many there were
 * @param agreed of how many both say the same class, right or wrong
 * @param lost how many were right before and are wrong now
 * @param won how many were wrong before and are right now
 */
public record Change(int images, int agreed, int lost, int won) {

    public Change {
        if (lost < 0 || won < 0 || agreed < 0 || (long) agreed + lost + won > images) {
            throw new IllegalArgumentException(
                    agreed + " agreed, " + lost + " lost and " + won + " won of " + images + " images");
        }
    }

    /** The counts of two parts of a set. */
    public Change plus(Change other) {
        return new Change(images + other.images, agreed + other.agreed, lost + other.lost, won + other.won);
    }

    /** The share of images, 0..1, of which both say the same class. */
    public double agreement() {
        return (double) agreed / images;
    }

    /** How much accuracy was lost, -1..1; negative where more was won. */
    public double drop() {
        return (double) (lost - won) / images;
    }

    /** Where the drop lies with 95 % confidence, were the images others of their kind. */
    public Interval dropInterval() {
        return Interval.ofPairedDifference(lost, won, images);
    }
}
