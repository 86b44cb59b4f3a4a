package dev.dsg.contracts.job;

/** Over what the statistics are taken that shall agree with those in the BatchNorm layers. */
public enum Statistics implements WireNamed {
    /** Over every single image, as ZeroQ and DSG have it. */
    IMAGE,
    /** Over all images of a batch, as Genie has it. */
    BATCH
}
