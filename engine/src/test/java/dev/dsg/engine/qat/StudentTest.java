package dev.dsg.engine.qat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.pytorch.jni.JniUtils;
import dev.dsg.engine.EngineException;
import dev.dsg.engine.ProgressListener;
import dev.dsg.engine.execution.Interpreter;
import dev.dsg.engine.execution.Tap;
import dev.dsg.engine.format.Safetensors;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.graph.Node;
import dev.dsg.engine.graph.Op;
import dev.dsg.engine.network.CifarResNet;
import dev.dsg.engine.network.CifarResNet.Shortcut;
import dev.dsg.engine.qat.StudentSettings.DivergenceMean;
import dev.dsg.engine.qat.StudentSettings.Ranges;
import dev.dsg.engine.qat.StudentSettings.WeightSteps;
import dev.dsg.engine.quantization.PostTrainingQuantizer;
import dev.dsg.engine.quantization.QuantizationSettings;
import dev.dsg.engine.quantization.QuantizedNetwork;
import dev.dsg.engine.quantization.RoundingMethod;
import dev.dsg.engine.quantization.Target;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;
import dev.dsg.engine.training.Schedule;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class StudentTest {

    private static final int CLASSES = 10;
    private static final Graph NETWORK =
            new CifarResNet(8, Shortcut.B, CLASSES).build(CifarResNet.randomInitialisation(new Random(1)));
    private static final HostTensor IMAGES = images(1, 8);

    private static HostTensor images(long seed, int count) {
        Random random = new Random(seed);
        float[] values = new float[count * 3 * 8 * 8];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return new HostTensor(new long[] {count, 3, 8, 8}, values);
    }

    /** A temperature for the small logits of an untrained network. */
    private static final double TEMPERATURE = 0.5;

    private static StudentSettings settings(Ranges ranges, WeightSteps steps) {
        return settings(1, ranges, steps);
    }

    private static StudentSettings settings(double crossEntropy, Ranges ranges, WeightSteps steps) {
        return settings(0, crossEntropy, ranges, steps);
    }

    private static StudentSettings settings(
            double gradientNorm, double crossEntropy, Ranges ranges, WeightSteps steps) {
        return new StudentSettings(
                new Schedule.Cosine(0.01, 40),
                0.9,
                true,
                1e-4,
                gradientNorm,
                TEMPERATURE,
                10,
                DivergenceMean.ELEMENTS,
                crossEntropy,
                ranges,
                5,
                steps);
    }

    private static final StudentSettings USUAL = settings(Ranges.CALIBRATED, WeightSteps.RECOMPUTED);

    private static QuantizationSettings quantization(Target target) {
        return QuantizationSettings.of(target, 3, 3);
    }

    private static Student student(StudentSettings settings) {
        return student(quantization(Target.REFERENCE), settings);
    }

    private static Student student(QuantizationSettings how, StudentSettings settings) {
        PostTrainingQuantizer quantizer = new PostTrainingQuantizer(how);
        QuantizedNetwork start = quantizer.quantize(NETWORK, List.of(IMAGES), ProgressListener.NONE);
        return new Student(quantizer.exact(NETWORK), start, how.weightGrid(), settings);
    }

    private static void train(Student student, int steps) {
        for (int i = 0; i < steps; i++) {
            student.step(images(100 + student.position(), 8));
        }
    }

    private static float[] logits(Graph graph, Tap tap) {
        try (Interpreter interpreter = new Interpreter(graph);
                Scope _ = Scope.open()) {
            return interpreter
                    .run(Tensor.of(IMAGES.values(), IMAGES.shape()), tap)
                    .toFloats();
        }
    }

    private static double distance(QuantizedNetwork quantized) {
        float[] expected = logits(NETWORK, Tap.NONE);
        float[] actual = logits(quantized.graph(), quantized.tap());
        double distance = 0;
        for (int i = 0; i < expected.length; i++) {
            distance += Math.pow(actual[i] - expected[i], 2);
        }
        return distance;
    }

    @ParameterizedTest
    @CsvSource({
        "REFERENCE,CALIBRATED,RECOMPUTED",
        "REFERENCE,EMA,RECOMPUTED",
        "REFERENCE,LEARNED,LEARNED",
        "ONNXRUNTIME,CALIBRATED,RECOMPUTED",
        "ONNXRUNTIME,LEARNED,LEARNED"
    })
    void shouldComeNearerToItsTeacher(Target target, Ranges ranges, WeightSteps steps) {
        try (Student student = student(quantization(target), settings(0, ranges, steps))) {
            double before = distance(student.result());
            double first = student.step(IMAGES).loss();

            for (int i = 0; i < 30; i++) {
                student.step(IMAGES);
            }

            assertThat(student.step(IMAGES).loss()).isLessThan(0.7 * first);
            assertThat(distance(student.result())).isLessThan(0.8 * before);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nearest", "squant", "qdrop"})
    void shouldStartFromWhatPostTrainingQuantizationChose(String rounding) {
        RoundingMethod method = RoundingMethod.named(rounding, 1);
        if (method instanceof dev.dsg.engine.quantization.Reconstruction learned) {
            method = learned.withIterations(20);
        }
        QuantizationSettings how = quantization(Target.REFERENCE).withRounding(method);
        QuantizedNetwork start =
                new PostTrainingQuantizer(how).quantize(NETWORK, List.of(IMAGES), ProgressListener.NONE);

        try (Student student = student(how, settings(Ranges.LEARNED, WeightSteps.LEARNED))) {
            assertThat(student.result().toSafetensors()).isEqualTo(start.toSafetensors());
        }
    }

    @Test
    void shouldReportTheLossOfTheFormula() {
        float[] teacher = logits(NETWORK, Tap.NONE);
        try (Student student = student(USUAL)) {
            QuantizedNetwork start = student.result();
            float[] answers = logits(start.graph(), start.tap());

            StepReport report = student.step(IMAGES, 1, 2, 3, 4, 5, 6, 7, 8);

            double distillation = 0;
            double crossEntropy = 0;
            for (int b = 0; b < 8; b++) {
                double[] p = softmax(teacher, b, TEMPERATURE);
                double[] q = softmax(answers, b, TEMPERATURE);
                for (int k = 0; k < CLASSES; k++) {
                    distillation += TEMPERATURE * TEMPERATURE / (8 * CLASSES) * p[k] * Math.log(p[k] / q[k]);
                }
                crossEntropy -= Math.log(softmax(answers, b, 1)[b + 1]) / 8;
            }
            assertThat(report.terms().get("distillation")).isCloseTo(distillation, within(1e-3 * distillation));
            assertThat(report.terms().get("crossEntropy")).isCloseTo(crossEntropy, within(1e-3 * crossEntropy));
            assertThat(report.loss()).isCloseTo(10 * distillation + crossEntropy, within(1e-3 * report.loss()));
        }
    }

    private static double[] softmax(float[] logits, int row, double temperature) {
        double[] values = new double[CLASSES];
        double sum = 0;
        for (int k = 0; k < CLASSES; k++) {
            values[k] = Math.exp(logits[row * CLASSES + k] / temperature);
            sum += values[k];
        }
        for (int k = 0; k < CLASSES; k++) {
            values[k] /= sum;
        }
        return values;
    }

    @Test
    void shouldTrainScaleAndShiftOfBatchNormAndLeaveItsStatistics() {
        try (Student student = student(USUAL)) {
            train(student, 3);

            Graph trained = student.result().graph();
            for (Node norm : NETWORK.nodes(Op.BatchNorm.class)) {
                assertThat(trained.parameter(norm, 0)).isNotEqualTo(NETWORK.parameter(norm, 0));
                assertThat(trained.parameter(norm, 2)).isEqualTo(NETWORK.parameter(norm, 2));
                assertThat(trained.parameter(norm, 3)).isEqualTo(NETWORK.parameter(norm, 3));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Ranges.class)
    void shouldEndTheSameWhenInterrupted(Ranges ranges) {
        WeightSteps steps = ranges == Ranges.LEARNED ? WeightSteps.LEARNED : WeightSteps.RECOMPUTED;
        byte[] checkpoint;
        byte[] undisturbed;
        byte[] artifact;
        try (Student student = student(settings(ranges, steps))) {
            train(student, 3);
            checkpoint = student.checkpoint();
            train(student, 4);
            undisturbed = student.checkpoint();
            artifact = student.result().toSafetensors();
        }

        try (Student student = student(settings(ranges, steps))) {
            student.restore(checkpoint);
            assertThat(student.position()).isEqualTo(3);
            train(student, 4);

            assertThat(student.checkpoint()).isEqualTo(undisturbed);
            assertThat(student.result().toSafetensors()).isEqualTo(artifact);
        }
    }

    @Test
    void shouldNotDependOnTheNumberOfThreads() {
        int usual = JniUtils.getNumThreads();
        byte[] expected;
        try (Student student = student(USUAL)) {
            train(student, 3);
            expected = student.checkpoint();
        }
        try {
            JniUtils.setNumThreads(usual + 2);
            try (Student student = student(USUAL)) {
                train(student, 3);
                assertThat(student.checkpoint()).isEqualTo(expected);
            }
        } finally {
            JniUtils.setNumThreads(usual);
        }
    }

    /** After one step the velocities are the gradients, for there is no momentum yet, and little weight decay. */
    @Test
    void shouldShortenTheGradientOnlyWhereItIsLonger() {
        double whole = gradientNorm(0);

        assertThat(gradientNorm(whole / 10)).isCloseTo(whole / 10, within(0.05 * whole));
        assertThat(gradientNorm(whole * 10)).isEqualTo(whole);
    }

    private static double gradientNorm(double shortenedTo) {
        try (Student student = student(settings(shortenedTo, 1, Ranges.CALIBRATED, WeightSteps.RECOMPUTED))) {
            student.step(IMAGES);
            Safetensors state = Safetensors.parse(student.checkpoint());
            double squares = 0;
            for (String name : state.names()) {
                if (name.startsWith("velocity.")) {
                    for (float value : state.floats(name).values()) {
                        squares += (double) value * value;
                    }
                }
            }
            return Math.sqrt(squares);
        }
    }

    @Test
    void shouldRefuseTheStateOfAnotherTraining() {
        try (Student student = student(USUAL);
                Student learned = student(settings(Ranges.LEARNED, WeightSteps.LEARNED))) {
            byte[] foreign = new StateWriter("generator", 1).toBytes();

            assertThatThrownBy(() -> student.restore(foreign))
                    .isInstanceOf(EngineException.class)
                    .hasMessage("metadata kind is generator, expected student");
            assertThatThrownBy(() -> learned.restore(student.checkpoint()))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("factor.");
        }
    }

    @Test
    void shouldRefuseSettingsOutOfBounds() {
        assertThatThrownBy(() -> new StudentSettings(
                        USUAL.schedule(),
                        1,
                        true,
                        0,
                        0,
                        20,
                        1,
                        DivergenceMean.IMAGES,
                        1,
                        Ranges.EMA,
                        5,
                        WeightSteps.RECOMPUTED))
                .hasMessage("momentum is 1.0, expected 0 to below 1");
        assertThatThrownBy(() -> new StudentSettings(
                        USUAL.schedule(),
                        0.9,
                        true,
                        0,
                        0,
                        20,
                        0,
                        DivergenceMean.IMAGES,
                        0,
                        Ranges.EMA,
                        5,
                        WeightSteps.RECOMPUTED))
                .hasMessage("distillation is 0.0, expected above 0 where crossEntropy is 0");
    }
}
