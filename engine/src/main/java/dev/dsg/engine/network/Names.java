package dev.dsg.engine.network;

/**
 * The names of a convolution, its BatchNorm and the activation behind them; the first two are also the prefixes of their
 * parameters' keys.
 */
record Names(String conv, String batchNorm, String activation) {

    /** The names of a convolution that no activation follows. */
    static Names linear(String conv, String batchNorm) {
        return new Names(conv, batchNorm, "");
    }

    /** The names inside a module {@code block} that holds the three, as pytorchcv calls them. */
    static Names within(String block) {
        return new Names(block + ".conv", block + ".bn", block + ".activ");
    }

    /** The names of a sequence of the three. */
    static Names sequence(String sequence) {
        return new Names(sequence + ".0", sequence + ".1", sequence + ".2");
    }

    /** The {@code index}-th of several side by side in a module, as torchvision's ResNets call them. */
    static Names numbered(String module, int index) {
        String prefix = module.isEmpty() ? "" : module + ".";
        return new Names(prefix + "conv" + index, prefix + "bn" + index, prefix + "relu" + index);
    }
}
