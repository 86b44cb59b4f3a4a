package dev.dsg.contracts.job;

/** How the network is quantized. */
public enum QuantizationScheme implements WireNamed {
    /** Post-training: calibrate on the synthetic images, freeze, round. */
    PTQ,
    /** Quantization-aware training: from there on, train the quantized network to answer as before. */
    QAT;

    /** Whether the network learns on the images. */
    public boolean trains() {
        return this == QAT;
    }
}
