package dev.dsg.contracts.job;

/** How the network is quantized. */
public enum QuantizationScheme implements WireNamed {
    /** Post-training: calibrate on the synthetic images, freeze, round. */
    PTQ
}
