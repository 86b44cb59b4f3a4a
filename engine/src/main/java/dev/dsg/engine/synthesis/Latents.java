package dev.dsg.engine.synthesis;

/** A small network, made anew for every batch, paints the images from vectors; both are trained (Genie: Jeon et al., 2023). */
final class Latents implements Parameterization {

    static final String NAME = "latents";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public TrainableImages begin(Canvas canvas) {
        return new GeneratedImages(canvas);
    }
}
