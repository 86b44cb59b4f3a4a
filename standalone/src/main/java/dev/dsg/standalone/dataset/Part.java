package dev.dsg.standalone.dataset;

/** The two halves of a published data set. */
public enum Part {
    /** What accuracy is measured on. */
    TEST,
    /** What a network is trained on. */
    TRAIN
}
