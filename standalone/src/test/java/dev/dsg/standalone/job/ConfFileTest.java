package dev.dsg.standalone.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.job.ActivationRanges;
import dev.dsg.contracts.job.Augmentation;
import dev.dsg.contracts.job.JobSpec;
import dev.dsg.contracts.job.QuantizationScheme;
import dev.dsg.contracts.job.Schedule;
import dev.dsg.contracts.job.TrainingSource;
import dev.dsg.contracts.job.TrainingSpec;
import dev.dsg.contracts.job.WeightSteps;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ConfFileTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"cifar, 200, 4, 1e-4", "imagenet, 16, 50, 1e-6"})
    void shouldShipEveryPublishedValue(String profile, int batchSize, int warmupEpochs, double learningRate) {
        // When
        JobSpec spec = resolve(profile, null);

        // Then
        assertThat(spec.quantization().scheme()).isEqualTo(QuantizationScheme.QAT);
        assertThat(spec.quantization().widths()).isEqualTo("W4A4");
        assertPublished(spec.training(), batchSize, warmupEpochs, learningRate);
        assertThat(spec.training().iterationsPerEpoch()).isEqualTo(200);
        assertThat(spec.training().nesterov()).isTrue();
        assertThat(spec.training().crossEntropy()).isEqualTo(1);
        assertThat(spec.training().ranges()).isEqualTo(ActivationRanges.EMA);
        assertThat(spec.training().rangeEpochs()).isEqualTo(4);
        assertThat(spec.training().weightSteps()).isEqualTo(WeightSteps.RECOMPUTED);
        assertThat(spec.training().augmentation()).isEqualTo(Augmentation.NONE);
        assertThat(spec.training().window()).isEqualTo(1);
        assertThat(spec.training().statisticsWeight()).isEqualTo(0.1);
    }

    @Test
    void shouldReadAFileAsItIsPublished() throws Exception {
        // Given every name that such a file has
        var file = write("published.hocon", """
                save_path = "./save/"
                dataPath = "/home/data"
                dataset = "imagenet"
                nGPU = 1
                GPU = 0
                visible_devices = "2"
                nThreads = 8
                nEpochs = 400
                batchSize = 16
                momentum = 0.9
                weightDecay = 1e-4
                opt_type = "SGD"
                warmup_epochs = 50
                lr_S = 0.000001
                lrPolicy_S = "multi_step"
                step_S = [100,200,300]
                decayRate_S = 0.1
                experimentID = "mine"
                network = resnet18
                nClasses = 1000
                qw = 3
                qa = 5
                seed = 7
                temperature = 20
                alpha = 1
                latent_dim = 100
                img_size = 224
                channels = 3
                lr_G = 0.001
                lrPolicy_G = "multi_step"
                step_G = [100,200,300]
                decayRate_G = 0.1
                b1 = 0.5
                b2 = 0.999
                """);

        // When
        var settings = new ConfFile(file).read(null);

        // Then
        var spec = resolve(settings);
        assertPublished(spec.training(), 16, 50, 1e-6);
        assertThat(spec.quantization().widths()).isEqualTo("W3A5");
        assertThat(spec.seed()).isEqualTo(7);
        assertThat(settings.notes())
                .contains(
                        file + ": dataPath ignored, for no training data is read",
                        file + ": GPU, nGPU, nThreads, visible_devices ignored, for a job does not choose its machines",
                        file + ": network ignored, for --model names the network")
                .hasSize(6);
    }

    @ParameterizedTest
    @ValueSource(strings = {"inversion", "generator"})
    void shouldShipTheDefaultsAsAFileToCopy(String source) {
        // Given
        var said = Map.of("model", "m", "jobId", "j", "training.source", source, "quantization.scheme", "qat");

        // When
        var spelledOut = JobFields.of(
                said, List.of(), new ConfFile("default").read(source).fields());

        // Then
        assertThat(spelledOut.resolve()).isEqualTo(JobFields.of(said, List.of()).resolve());
        assertThat(spelledOut.training()).hasNoNullFieldsOrPropertiesExcept("epochs", "warmupEpochs");
    }

    @Test
    void shouldIncludeAProfileAndFilesBeside() throws Exception {
        // Given
        write("rates.conf", "lr_S = 0.5");
        var file = write("mine.conf", "include \"cifar\"\ninclude \"rates.conf\"\nnEpochs = 9\ndsg.training.lead = 3");

        // When
        var training = resolve(file, null).training();

        // Then
        assertThat(training.batchSize()).isEqualTo(200);
        assertThat(training.learningRate()).isEqualTo(0.5);
        assertThat(training.epochs()).isEqualTo(9);
        assertThat(training.lead()).isEqualTo(3);
    }

    @Test
    void shouldMissNoFileSilently() throws Exception {
        var file = write("mine.conf", "include \"cifr.conf\"");
        assertThatThrownBy(() -> new ConfFile(file).read(null))
                .isInstanceOfSatisfying(
                        DsgException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED_MESSAGE))
                .hasMessageContaining("cifr.conf");
        assertThatThrownBy(() -> new ConfFile("none.conf").read(null)).hasMessageContaining("none.conf");
    }

    @Test
    void shouldTakeTheNamesOfAJobAndLetThemWin() throws Exception {
        var file = write("mine.conf", """
                lr_S = 0.5
                dsg {
                  model = m2
                  seed = 3
                  synthesis { method = zeroq, images = 96 }
                  quantization { rounding = squant }
                  training { learningRate = 0.25, source = inversion }
                }
                """);
        var spec = resolve(file, null);
        assertThat(spec.model()).isEqualTo("m2");
        assertThat(spec.seed()).isEqualTo(3);
        assertThat(spec.synthesis().images()).isEqualTo(96);
        assertThat(spec.training().learningRate()).isEqualTo(0.25);
        assertThat(spec.training().source()).isEqualTo(TrainingSource.INVERSION);
    }

    @Test
    void shouldWarmNothingUpWithoutAGenerator() {
        // When
        var settings = new ConfFile("cifar").read("inversion");

        // Then
        var spec = JobFields.of(
                        Map.of("model", "m", "jobId", "j", "training.source", "inversion"),
                        List.of(),
                        settings.fields())
                .resolve();
        assertThat(spec.training().warmupEpochs()).isZero();
        assertThat(settings.notes())
                .containsExactly("cifar: warmup_epochs ignored, for source inversion has no generator to warm up");
    }

    @Test
    void shouldMakeNoTrainingOfWidthsAlone() throws Exception {
        var spec = resolve(write("widths.conf", "qw = 3, qa = 8"), null);
        assertThat(spec.quantization().scheme()).isEqualTo(QuantizationScheme.PTQ);
        assertThat(spec.quantization().widths()).isEqualTo("W3A8");
    }

    @ParameterizedTest
    @CsvSource({"const, STEP", "multi_step, STEP", "cosine, COSINE"})
    void shouldKnowThePublishedPolicies(String policy, Schedule schedule) throws Exception {
        var training = resolve(write("policy.conf", "step_S = [3], lrPolicy_S = " + policy), null)
                .training();
        assertThat(training.schedule()).isEqualTo(schedule);
        assertThat(training.milestones()).isEqualTo(policy.equals("const") ? List.of() : List.of(3));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "lr_s = 1                        | lr_s is not a field, expected one of lr_S (the nearest), alpha,",
                "dsg.training.epoch = 1          | dsg.training.epoch is not a field, expected one of epochs (the nearest)",
                "dsg.trainings.epoch = 1         | dsg.trainings is not a field, expected one of training (the nearest)",
                "nEpochs = many                  | nEpochs is \"many\", expected an integer",
                "nEpochs = 1.5                   | nEpochs is 1.5, expected an integer",
                "step_S = 100                    | step_S is 100, expected",
                "lr_G = [1]                      | lr_G is",
                "dsg.training.momentum = a       | dsg.training.momentum is \"a\", expected a number",
                "lrPolicy_S = linear             | lrPolicy_S is \"linear\", expected one of const, cosine, multi_step, step",
                "opt_type = Adam                 | opt_type is \"Adam\", expected one of SGD",
                "dsg.jobId = j                   | dsg.jobId is not a setting",
                "dsg = 1                         | dsg is 1, expected an object"
            })
    void shouldSayInWhichLineWhatIsWrong(String line, String fault) throws Exception {
        var file = write("wrong.conf", "# a comment\n\n" + line);
        assertThatThrownBy(() -> new ConfFile(file).read(null))
                .isInstanceOfSatisfying(
                        DsgException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_FIELD))
                .hasMessageContaining("wrong.conf: 3: " + fault);
    }

    @Test
    void shouldDocumentEverySetting() throws Exception {
        // Given
        var fields = Stream.of(TrainingSpec.class.getRecordComponents()).map(RecordComponent::getName);

        // Then
        var text = Files.readString(Path.of("../docs/qat.md"));
        assertThat(Stream.concat(fields, PublishedNames.all().stream()))
                .hasSizeGreaterThan(60)
                .allSatisfy(name -> assertThat(text).contains("`" + name + "`"));
    }

    private static void assertPublished(TrainingSpec training, int batchSize, int warmupEpochs, double learningRate) {
        assertThat(training.source()).isEqualTo(TrainingSource.GENERATOR);
        assertThat(training.epochs()).isEqualTo(400);
        assertThat(training.batchSize()).isEqualTo(batchSize);
        assertThat(training.warmupEpochs()).isEqualTo(warmupEpochs);
        assertThat(training.learningRate()).isEqualTo(learningRate);
        assertThat(training.schedule()).isEqualTo(Schedule.STEP);
        assertThat(training.milestones()).containsExactly(100, 200, 300);
        assertThat(training.decay()).isEqualTo(0.1);
        assertThat(training.momentum()).isEqualTo(0.9);
        assertThat(training.weightDecay()).isEqualTo(1e-4);
        assertThat(training.temperature()).isEqualTo(20);
        assertThat(training.distillation()).isEqualTo(1);
        assertThat(training.generatorLearningRate()).isEqualTo(1e-3);
        assertThat(training.generatorMilestones()).containsExactly(100, 200, 300);
        assertThat(training.generatorDecay()).isEqualTo(0.1);
        assertThat(training.beta1()).isEqualTo(0.5);
        assertThat(training.beta2()).isEqualTo(0.999);
        assertThat(training.latent()).isEqualTo(100);
    }

    private static JobSpec resolve(String conf, String source) {
        return resolve(new ConfFile(conf).read(source));
    }

    private static JobSpec resolve(ConfFile.Settings settings) {
        var beneath = settings.fields().withFallback(ConfigFactory.parseMap(Map.of("model", "m")));
        return JobFields.of(Map.of("jobId", "j"), List.of(), beneath).resolve();
    }

    private String write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }
}
