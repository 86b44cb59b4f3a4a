package dev.dsg.standalone.command;

import dev.dsg.contracts.catalog.ImageShape;
import dev.dsg.contracts.catalog.ModelCard;
import dev.dsg.engine.EngineException;
import dev.dsg.engine.ProgressListener;
import dev.dsg.engine.data.ImageSet;
import dev.dsg.engine.data.Preprocessing;
import dev.dsg.engine.evaluation.Evaluator;
import dev.dsg.engine.execution.Interpreter;
import dev.dsg.engine.execution.Tap;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.network.CifarResNet;
import dev.dsg.engine.network.CifarResNet.Shortcut;
import dev.dsg.engine.training.Trainer;
import dev.dsg.engine.training.TrainingSettings;
import dev.dsg.standalone.Cli;
import dev.dsg.standalone.catalog.TrainedModel;
import dev.dsg.standalone.dataset.Cifar10;
import dev.dsg.standalone.dataset.Part;
import dev.dsg.standalone.process.TensorProcess;
import dev.dsg.standalone.terminal.Terminal;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Trains the network that comes with the project. The bytes depend on the number of threads, so it does so in a process
 * of its own.
 */
@Command(
        name = "train",
        description = "Trains ResNet-20 on CIFAR-10, by default as the network that comes with dsg was.")
final class TrainCommand implements Callable<Integer> {

    private static final int DEPTH = 20;
    private static final int TEST_BATCH = 500;
    private static final Preprocessing PREPROCESSING =
            new Preprocessing(new float[] {.4914f, .4822f, .4465f}, new float[] {.2023f, .1994f, .2010f});

    @Mixin
    private HomeOption homeOption;

    @Mixin
    private TrainOptions options;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        var settings = settings();
        if (!TensorProcess.here()) {
            return TensorProcess.run(
                    Cli.class,
                    spec.root().commandLine().getParseResult().originalArgs(),
                    homeOption.home().nativeLibraries(),
                    options.threads());
        }
        train(settings);
        return ExitCode.OK;
    }

    /** Before the hours of work, not after them. */
    private TrainingSettings settings() {
        if (Files.exists(options.output())) {
            throw new ParameterException(spec.commandLine(), "--output: " + options.output() + " is there already");
        }
        try {
            return options.settings();
        } catch (EngineException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
    }

    private void train(TrainingSettings settings) throws IOException {
        var terminal = Terminal.standard();
        var cifar = new Cifar10(homeOption.home().data(), terminal);
        var test = cifar.read(Part.TEST);
        var train = cifar.read(Part.TRAIN);
        var start = new CifarResNet(DEPTH, Shortcut.B, Cifar10.CLASSES.size())
                .build(CifarResNet.randomInitialisation(new Random(settings.seed())));
        try (var progress = terminal.progress("training", " epochs")) {
            progress.to(0, settings.epochs());
            var graph = new Trainer(settings, PREPROCESSING).train(start, train, (epoch, loss) -> {
                progress.to(epoch, settings.epochs());
                terminal.say(String.format(Locale.ROOT, "epoch %d: loss %.4f", epoch, loss));
            });
            double top1 = top1(graph, test);
            terminal.say(String.format(Locale.ROOT, "test top-1 %.2f %%", 100 * top1));
            new TrainedModel(
                            "resnet20-cifar10",
                            "resnet20-cifar",
                            graph,
                            new ImageShape(test.channels(), test.height(), test.width()),
                            PREPROCESSING,
                            Cifar10.CLASSES,
                            new ModelCard.Training(Cifar10.NAME, recipe(settings), settings.seed(), top1))
                    .write(options.output());
        }
        terminal.say("the network is in " + options.output());
    }

    /** Measured once, at the end: nothing is chosen by the test images. */
    private static double top1(Graph graph, ImageSet test) {
        try (var network = new Interpreter(graph)) {
            return Evaluator.evaluate(network, Tap.NONE, test, PREPROCESSING, TEST_BATCH, ProgressListener.NONE)
                    .top1();
        }
    }

    private String recipe(TrainingSettings settings) {
        return String.format(
                Locale.ROOT,
                "%d epochs of SGD, batch %d, Nesterov momentum %s, weight decay %s, one-cycle learning rate with peak %s,"
                        + " random crop with padding 4 and flip, %d threads",
                settings.epochs(),
                settings.batchSize(),
                settings.momentum(),
                BigDecimal.valueOf(settings.weightDecay()).toPlainString(),
                settings.peakLearningRate(),
                options.threads());
    }
}
