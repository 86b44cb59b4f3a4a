package dev.dsg.contracts.job;

/** What the quantized network is made for; it decides which values become integers. */
public enum Target implements WireNamed {
    /** Comparison with the literature: weights, and what follows each activation function. Computed in floats. */
    REFERENCE,
    /** Integer arithmetic in ONNX Runtime: BatchNorm folded, every input of a layer, sum and mean an integer. */
    ONNXRUNTIME
}
