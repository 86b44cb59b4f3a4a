package dev.dsg.engine.network;

import java.util.List;

/**
 * One branch of an Inception unit.
 *
 * @param name as torchvision calls it
 * @param pool what it begins with
 * @param steps its convolutions
 * @param fork whether a 1x3 and a 3x1 convolution follow the steps, side by side
 */
record InceptionBranch(String name, Pool pool, List<Step> steps, boolean fork) {

    /** What a branch may begin with, in windows of 3x3. */
    enum Pool {
        NONE,
        AVERAGE,
        MAXIMUM
    }

    /** A convolution with BatchNorm and activation. */
    record Step(int out, Kernel kernel) {}

    static Step step(int out, Kernel kernel) {
        return new Step(out, kernel);
    }

    /** One step after the other. */
    static InceptionBranch branch(String name, Step... steps) {
        return new InceptionBranch(name, Pool.NONE, List.of(steps), false);
    }

    static InceptionBranch forkedBranch(String name, Step... steps) {
        return new InceptionBranch(name, Pool.NONE, List.of(steps), true);
    }

    /** An average that keeps height and width, then a 1x1 convolution. */
    static InceptionBranch averaged(int out) {
        return new InceptionBranch("branch_pool", Pool.AVERAGE, List.of(step(out, Kernel.same(1))), false);
    }

    /** A maximum that halves height and width. */
    static InceptionBranch maximum() {
        return new InceptionBranch("branch_pool", Pool.MAXIMUM, List.of(), false);
    }
}
