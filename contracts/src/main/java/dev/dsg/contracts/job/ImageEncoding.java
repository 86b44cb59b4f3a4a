package dev.dsg.contracts.job;

/** How the pixels of synthetic images are stored. */
public enum ImageEncoding implements WireNamed {
    /** 8-bit integers with a scale. */
    UINT8,
    /** IEEE 754 half precision. */
    FLOAT16,
    /** IEEE 754 single precision. */
    FLOAT32
}
