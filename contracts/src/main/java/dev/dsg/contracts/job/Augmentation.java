package dev.dsg.contracts.job;

/** How an image is changed each time it is shown. */
public enum Augmentation implements WireNamed {
    /** Not at all. */
    NONE,
    /** Mirrored and moved a little, at random. */
    LIGHT
}
