package dev.dsg.standalone.command;

import dev.dsg.engine.training.TrainingSettings;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** How the network is trained; the defaults are the recipe of the one that comes with the project. */
final class TrainOptions {

    @Option(
            names = "--output",
            paramLabel = "DIR",
            defaultValue = "resnet20-cifar10",
            description = "a new folder for the network (default: ./${DEFAULT-VALUE})")
    private Path output;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            defaultValue = "60",
            description = "passes over the training images (default: ${DEFAULT-VALUE})")
    private int epochs;

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            defaultValue = "128",
            description = "images per step (default: ${DEFAULT-VALUE})")
    private int batchSize;

    @Option(
            names = "--learning-rate",
            paramLabel = "RATE",
            defaultValue = "0.2",
            description = "the peak of the one-cycle schedule (default: ${DEFAULT-VALUE})")
    private double learningRate;

    @Option(
            names = "--momentum",
            paramLabel = "SHARE",
            defaultValue = "0.9",
            description = "of Nesterov's method (default: ${DEFAULT-VALUE})")
    private double momentum;

    @Option(
            names = "--weight-decay",
            paramLabel = "L2",
            defaultValue = "0.0005",
            description = "of convolutions and classifier (default: ${DEFAULT-VALUE})")
    private double weightDecay;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "seed of everything random (default: ${DEFAULT-VALUE})")
    private long seed;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "2",
            description = "of each operation; another number gives other bytes (default: ${DEFAULT-VALUE})")
    private int threads;

    Path output() {
        return output;
    }

    int threads() {
        return threads;
    }

    TrainingSettings settings() {
        return new TrainingSettings(epochs, batchSize, learningRate, momentum, weightDecay, seed);
    }
}
