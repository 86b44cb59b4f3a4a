package dev.dsg.contracts.job;

/** Where the images come from that a quantized network is trained on. */
public enum TrainingSource implements WireNamed {
    /** A fixed set, made as for calibration and shown again and again. */
    INVERSION,
    /** A network that learns to make them while the quantized one trains, so that every batch is new. */
    GENERATOR
}
