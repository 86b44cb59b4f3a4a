package dev.dsg.contracts;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.job.BitWidth;
import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.job.JobRequest;
import dev.dsg.contracts.job.JobSpec;
import dev.dsg.contracts.job.JobState;
import dev.dsg.contracts.message.BatchReady;
import dev.dsg.contracts.message.DeadLetter;
import dev.dsg.contracts.message.DeadLetterRedriven;
import dev.dsg.contracts.message.EvaluationTask;
import dev.dsg.contracts.message.JobCancelled;
import dev.dsg.contracts.message.JobEvent;
import dev.dsg.contracts.message.JobSubmitted;
import dev.dsg.contracts.message.Message;
import dev.dsg.contracts.message.MessageType;
import dev.dsg.contracts.message.QuantizationTask;
import dev.dsg.contracts.message.ReportReady;
import dev.dsg.contracts.message.SynthesisTask;
import dev.dsg.contracts.result.Accuracy;
import dev.dsg.contracts.result.BatchStream;
import dev.dsg.contracts.result.EarlierResult;
import dev.dsg.contracts.result.JobReport;
import dev.dsg.contracts.result.Manifest;
import dev.dsg.contracts.result.Speed;
import dev.dsg.contracts.store.ObjectKey;
import dev.dsg.contracts.store.ObjectRef;
import dev.dsg.contracts.store.StoreLayout;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Messages and documents with every optional part present once and absent once. */
final class Samples {
    static final JobId JOB = JobId.parse("j1");
    static final Instant AT = Instant.parse("2026-01-02T03:04:05.006Z");
    static final JobSpec SPEC = JobRequest.of("resnet20-cifar10").withJobId(JOB).resolve();

    static final JobSpec TRAINED = new JobRequest(
                    JOB,
                    "resnet20-cifar10",
                    null,
                    new JobRequest.Quantization(
                            "qat", null, null, null, null, null, null, null, null, null, null, null, null, null, null),
                    null,
                    null,
                    null)
            .resolve();

    static final Accuracy ACCURACY = new Accuracy(
            10_000,
            score(0.9173, 0.9975),
            score(0.887, 0.996),
            0.91,
            new Accuracy.Change(0.0303, new Accuracy.Interval(0.025, 0.0356), 508, 205),
            List.of(
                    new Accuracy.ClassScore("airplane", 5_000, 4_600, 4_400),
                    new Accuracy.ClassScore("truck", 5_000, 4_573, 4_470)));

    static final Speed SPEED = new Speed(
            "ONNX Runtime 1.29.0",
            "a processor",
            2,
            List.of("avx2", "avx512_vnni"),
            1,
            false,
            0.5,
            1.25,
            List.of(new Speed.Pace(
                    1,
                    900,
                    new Speed.Times(1.2, 1.5, 2.5, 833),
                    new Speed.Times(0.6, 0.75, 1.25, 1_667),
                    2,
                    new Accuracy.Interval(1.9, 2.1))));

    private Samples() {}

    private static Accuracy.Score score(double top1, double top5) {
        return new Accuracy.Score(
                top1,
                top5,
                new Accuracy.Interval(top1 - 0.006, top1 + 0.006),
                new Accuracy.Interval(top5 - 0.001, top5 + 0.001),
                0.04,
                List.of(new Accuracy.Bin(0, 0, 0), new Accuracy.Bin(10_000, top1, 0.95)));
    }

    static Stream<Message> all() {
        return Stream.of(MessageType.values()).flatMap(Samples::of);
    }

    static Stream<Message> of(MessageType type) {
        return switch (type) {
            case JOB_SUBMITTED ->
                Stream.of(
                        new JobSubmitted(JobRequest.of("resnet20-cifar10").withJobId(JOB)),
                        new JobSubmitted(SPEC),
                        new JobSubmitted(TRAINED));
            case JOB_CANCELLED -> Stream.of(new JobCancelled(JOB, "no longer needed"));
            case SYNTHESIS_TASK -> Stream.of(new SynthesisTask(JOB, 3));
            case BATCH_READY -> Stream.of(new BatchReady(JOB, 3, ref(StoreLayout.batch(JOB, 3))));
            case QUANTIZATION_TASK -> Stream.of(new QuantizationTask(JOB));
            case EVALUATION_TASK -> Stream.of(new EvaluationTask(JOB, ref(StoreLayout.manifest(JOB))));
            case REPORT_READY -> Stream.of(new ReportReady(JOB, ref(StoreLayout.report(JOB))));
            case JOB_EVENT -> states().flatMap(Samples::events);
            case DEAD_LETTER -> deadLetters();
            case DEAD_LETTER_REDRIVEN -> Stream.of(new DeadLetterRedriven("dsg.jobs/0/41", "j1", AT));
        };
    }

    static JobReport report() {
        return report(SPEC, manifest());
    }

    static JobReport report(JobSpec spec, Manifest manifest) {
        return report(spec, manifest, SPEED);
    }

    static JobReport report(JobSpec spec, Manifest manifest, Speed speed) {
        JobReport report = JobReport.of(
                spec,
                AT,
                ACCURACY,
                new JobReport.Onnx(new JobReport.TopK(0.8868, 0.996), 0.9991, 305_144, 1_079_264),
                speed,
                List.of(),
                new JobReport.Seconds(20.5, 1.25, 9, 31.5),
                JobReport.Digests.of(
                        manifest, ref(StoreLayout.datasetCard("cifar10")).sha256()));
        return JobReport.of(
                spec,
                AT,
                ACCURACY,
                report.onnx(),
                speed,
                List.of(EarlierResult.of(report)),
                report.seconds(),
                report.digests());
    }

    static Manifest manifest() {
        return manifest(SPEC, List.of(ref(StoreLayout.batch(JOB, 0)), ref(StoreLayout.batch(JOB, 1))), null);
    }

    static Manifest trained() {
        return manifest(
                TRAINED,
                List.of(),
                BatchStream.EMPTY.then(ref(StoreLayout.batch(JOB, 0)).sha256()));
    }

    private static Manifest manifest(JobSpec spec, List<ObjectRef> batches, BatchStream stream) {
        return new Manifest(
                JOB,
                spec.model(),
                ref(StoreLayout.modelFile(spec.model(), "model.safetensors")),
                ref(StoreLayout.spec(JOB)),
                spec.synthesis(),
                spec.quantization(),
                spec.training(),
                spec.seed(),
                batches,
                stream,
                ref(StoreLayout.artifact(JOB)),
                ref(StoreLayout.onnx(JOB)),
                ref(StoreLayout.artifactCard(JOB)),
                ref(StoreLayout.layers(JOB)),
                Map.of("conv1.weight", BitWidth.of(8), "layer1.0.conv1.weight", BitWidth.of(4)),
                "dsg 0.1.0",
                Map.of("djl", "0.35.1", "pytorch", "2.7.1"));
    }

    static Stream<JobState> states() {
        return Stream.of(
                new JobState.Submitted(),
                new JobState.Synthesizing(1, 4),
                new JobState.Quantizing(),
                new JobState.Evaluating(),
                new JobState.Completed(),
                new JobState.Failed(ErrorCode.UNKNOWN_MODEL, "model", "there is no such network"),
                new JobState.Failed(ErrorCode.INTERNAL, null, "a defect"),
                new JobState.Cancelled("no longer needed"));
    }

    private static Stream<Message> events(JobState state) {
        return Stream.of(
                new JobEvent(JOB, state, 7, AT, null),
                new JobEvent(JOB, state, 7, AT, new JobEvent.Progress("batch/00003", 120, 200)),
                new JobEvent(
                        JOB,
                        state,
                        7,
                        AT,
                        new JobEvent.Progress("quantization", 120, 500, Map.of("loss", 1.25, "agreement", 0.86))));
    }

    private static Stream<Message> deadLetters() {
        return Stream.of(
                DeadLetter.of(
                        DsgException.invalid("seed", -1, "more"),
                        new DeadLetter.Origin(Topics.JOBS, 0, 41, "j1", "j1/submitted", 1),
                        AT,
                        "{\"seed\":-1}"),
                DeadLetter.of(
                        new DsgException(ErrorCode.MALFORMED_MESSAGE, "not JSON"),
                        new DeadLetter.Origin(Topics.JOBS, 0, 42, null, null, 1),
                        AT,
                        ""));
    }

    private static ObjectRef ref(ObjectKey key) {
        return ObjectRef.of(key, key.toString().getBytes(StandardCharsets.UTF_8));
    }
}
