package dev.dsg.engine.synthesis;

/** Over what the statistics are taken that shall agree with those in the BatchNorm layers. */
public enum Statistics {
    /**
     * Over height and width of every single image; squared deviations are summed over a layer's channels (ZeroQ's code,
     * DSG).
     */
    IMAGE,
    /** Over height, width and all images of the batch; squared deviations are averaged over a layer's channels (Genie). */
    BATCH
}
