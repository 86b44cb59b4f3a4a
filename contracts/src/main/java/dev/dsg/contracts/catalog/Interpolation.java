package dev.dsg.contracts.catalog;

import dev.dsg.contracts.job.WireNamed;

/** How a resized image is made of the pixels of another. Where an image shrinks, all its pixels count (antialiasing). */
public enum Interpolation implements WireNamed {
    /** The pixel that is nearest. */
    NEAREST,
    /** The neighbours, weighed by a triangle. */
    BILINEAR,
    /** The neighbours, weighed by Keys' cubic. */
    BICUBIC
}
