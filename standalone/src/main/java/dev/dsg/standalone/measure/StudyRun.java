package dev.dsg.standalone.measure;

/**
 * What one quantized network of a study achieved; one line of its file.
 *
 * @param network SHA-256 of the network's parameters
 * @param images the {@link ImageSource}
 * @param seed of images and rounding
 * @param quantization how the network was quantized
 * @param testImages the first so many of the test set
 * @param top1 share of them that it gets right
 * @param seconds that quantization took, on a machine that may have had other things to do
 */
record StudyRun(
        String network,
        String images,
        long seed,
        StudiedQuantization quantization,
        int testImages,
        double top1,
        double seconds) {

    /** Whether this is the result of the same work. */
    boolean answers(String network, String images, long seed, StudiedQuantization quantization, int testImages) {
        return this.network.equals(network)
                && this.images.equals(images)
                && this.seed == seed
                && this.quantization.equals(quantization)
                && this.testImages == testImages;
    }
}
