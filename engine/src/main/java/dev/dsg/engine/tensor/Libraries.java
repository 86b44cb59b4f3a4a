package dev.dsg.engine.tensor;

import ai.djl.engine.Engine;

/** The libraries that compute. */
public final class Libraries {

    private Libraries() {}

    /** The version of Deep Java Library, such as {@code 0.35.1}. */
    public static String djl() {
        return Engine.getDjlVersion();
    }

    /** The version of PyTorch's native library, such as {@code 2.7.1}. */
    public static String pytorch() {
        return Engine.getInstance().getVersion();
    }
}
