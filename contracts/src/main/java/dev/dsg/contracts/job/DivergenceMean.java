package dev.dsg.contracts.job;

/** What the divergence between the answers of a student and its teacher is a mean over. */
public enum DivergenceMean implements WireNamed {
    /** The images: a weight means the same whatever the number of classes. */
    IMAGES,
    /** The images and the classes, as the publications have it: the more classes, the less it weighs. */
    ELEMENTS
}
