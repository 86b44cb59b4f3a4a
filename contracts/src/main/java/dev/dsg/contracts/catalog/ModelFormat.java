package dev.dsg.contracts.catalog;

import dev.dsg.contracts.job.WireNamed;

/** What the file of a network is. */
public enum ModelFormat implements WireNamed {
    /** Named weights; the architecture says what to do with them. */
    SAFETENSORS,
    /** The same, as PyTorch saves a state dict. */
    PTH,
    /** The graph together with its weights. */
    ONNX;

    /** The name of a network's file of this format. */
    public String fileName() {
        return "model." + wireName();
    }

    /** Whether the file says itself what the network computes. */
    public boolean holdsGraph() {
        return this == ONNX;
    }
}
