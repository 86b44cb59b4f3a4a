package dev.dsg.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.job.JobSpec;
import dev.dsg.contracts.job.JobState;
import dev.dsg.contracts.job.JobStatus;
import dev.dsg.contracts.message.DeadLetter;
import dev.dsg.contracts.message.JobEvent;
import dev.dsg.contracts.message.Message;
import dev.dsg.contracts.message.MessageType;
import dev.dsg.contracts.result.JobReport;
import dev.dsg.contracts.result.Manifest;
import dev.dsg.contracts.result.RunReport;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class MessageContractTest {
    static Stream<Message> messages() {
        return Samples.all();
    }

    static String schemaOf(MessageType type) {
        return type.name().toLowerCase(Locale.ROOT).replace('_', '-') + ".json";
    }

    @ParameterizedTest
    @EnumSource
    void shouldDescribeEveryRecordByItsSchema(MessageType type) {
        Mirror.assertMirrors(type.record(), SchemaNode.of(schemaOf(type)), type.name());
    }

    @ParameterizedTest
    @MethodSource("messages")
    void shouldWriteWhatTheSchemaAllows(Message message) {
        assertThat(Wire.faults(schemaOf(message.type()), Wire.write(message))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("messages")
    void shouldReadWhatItWrote(Message message) {
        assertThat(Wire.read(Wire.write(message), message.type().record())).isEqualTo(message);
    }

    @ParameterizedTest
    @MethodSource("messages")
    void shouldRefuseAFieldThatNobodyKnows(Message message) {
        // Given
        ObjectNode strange = Wire.JSON.valueToTree(message);
        strange.put("stranger", 1);

        // Then
        assertThat(Wire.faults(schemaOf(message.type()), strange.toString()))
                .anyMatch(fault -> fault.contains("stranger"));
        assertThatExceptionOfType(UnrecognizedPropertyException.class)
                .isThrownBy(() ->
                        Wire.JSON.readValue(strange.toString(), message.type().record()))
                .matches(e -> e.getPropertyName().equals("stranger"));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void shouldRefuseAMessageWithoutARequiredField(Message message) {
        SchemaNode schema = SchemaNode.of(schemaOf(message.type()));
        assertThat(schema.required()).isNotEmpty().allSatisfy(field -> {
            ObjectNode poor = Wire.JSON.valueToTree(message);
            poor.remove(field);
            assertThat(Wire.faults(schemaOf(message.type()), poor.toString())).isNotEmpty();
        });
    }

    @ParameterizedTest
    @EnumSource
    void shouldKnowEveryMessageByItsTypeAndRecord(MessageType type) {
        assertThat(MessageType.ofCeType(type.ceType())).contains(type);
        assertThat(type.ceType()).matches("dev\\.dsg\\.[a-z.]+\\.v1");
        assertThat(Samples.of(type)).isNotEmpty().allSatisfy(message -> {
            assertThat(message.type()).isEqualTo(type);
            assertThat(message).isInstanceOf(type.record());
        });
    }

    @Test
    void shouldNotKnowATypeOfTheFuture() {
        assertThat(MessageType.ofCeType("dev.dsg.job.submitted.v2")).isEmpty();
    }

    @Test
    void shouldNameEventsByWhatTheySayAndRouteThemByJob() {
        assertThat(Samples.all()
                        .map(message -> message.recordKey() + " " + message.eventId())
                        .distinct())
                .containsExactly(
                        "j1 j1/submitted",
                        "j1 j1/cancelled",
                        "j1/00003 j1/synthesis/00003",
                        "j1 j1/batch/00003",
                        "j1 j1/quantization",
                        "j1 j1/evaluation",
                        "j1 j1/report",
                        "j1 j1/state/7",
                        "j1 j1/progress/batch/00003/120",
                        "j1 j1/progress/quantization/120",
                        "j1 dead-letter/dsg.jobs/0/41",
                        "dead-letter/dsg.jobs/0/42 dead-letter/dsg.jobs/0/42",
                        "j1 redriven/dsg.jobs/0/41");
    }

    @Test
    void shouldMakeEventsOfAStatus() {
        // Given
        JobStatus status = JobStatus.first(Samples.JOB, new JobState.Submitted(), Samples.AT);
        JobEvent.Progress progress = new JobEvent.Progress("evaluation", 1, 2);

        // Then
        assertThat(JobEvent.changed(status, Samples.AT))
                .isEqualTo(new JobEvent(Samples.JOB, new JobState.Submitted(), 1, Samples.AT, null));
        assertThat(JobEvent.progressed(status, Samples.AT, progress).progress()).isEqualTo(progress);
    }

    @Test
    void shouldCutALongPayload() {
        DeadLetter.Origin origin = new DeadLetter.Origin(Topics.JOBS, 0, 0, null, null, 1);
        DeadLetter letter = new DeadLetter(
                ErrorCode.MALFORMED_MESSAGE,
                null,
                "not JSON",
                null,
                origin,
                Samples.AT,
                "x".repeat(DeadLetter.MAX_PAYLOAD + 1));
        assertThat(letter.payload()).hasSize(DeadLetter.MAX_PAYLOAD);
        assertThat(SchemaNode.of("dead-letter.json")
                        .property("payload")
                        .keyword("maxLength")
                        .asInt())
                .isEqualTo(DeadLetter.MAX_PAYLOAD);
    }

    @Test
    void shouldKeepStoredDocuments() {
        JobStatus status = JobStatus.first(JobId.parse("j1"), new JobState.Submitted(), Samples.AT)
                .next(new JobState.Synthesizing(0, 4), Samples.AT);
        assertThat(Wire.read(Wire.write(status), JobStatus.class)).isEqualTo(status);
        assertThat(Wire.read(Wire.write(Samples.SPEC), JobSpec.class)).isEqualTo(Samples.SPEC);
        assertThat(Wire.read(Wire.write(Samples.TRAINED), JobSpec.class)).isEqualTo(Samples.TRAINED);
        assertThat(Wire.read(Wire.write(Samples.manifest()), Manifest.class)).isEqualTo(Samples.manifest());
        assertThat(Wire.read(Wire.write(Samples.trained()), Manifest.class)).isEqualTo(Samples.trained());
    }

    @Test
    void shouldSayNothingOfATrainingWhereThereIsNone() {
        assertThat(Wire.write(Samples.SPEC)).doesNotContain("training");
        assertThat(Wire.write(Samples.manifest())).doesNotContain("training").doesNotContain("stream");
    }

    @Test
    void shouldRefuseAResultOfNoImages() {
        Manifest trained = Samples.trained();
        assertThatThrownBy(
                        () -> Wire.read(Wire.write(trained).replaceFirst("\"stream\":\\{[^}]*},", ""), Manifest.class))
                .hasRootCauseInstanceOf(DsgException.class)
                .hasRootCauseMessage("batches is [], expected at least 1 elements");
    }

    @Test
    void shouldDescribeTheReportByItsSchema() {
        // Given
        RunReport report = new RunReport(List.of(
                Samples.report(),
                Samples.report(Samples.TRAINED, Samples.trained()),
                Samples.report(Samples.SPEC, Samples.manifest(), null)));

        // Then
        Mirror.assertMirrors(RunReport.class, SchemaNode.of("run-report.json"), "report");
        assertThat(Wire.faults("run-report.json", Wire.write(report))).isEmpty();
        assertThat(Wire.read(Wire.write(report), RunReport.class)).isEqualTo(report);
        assertThat(Wire.read(Wire.write(Samples.report()), JobReport.class)).isEqualTo(Samples.report());
    }

    @Test
    void shouldGiveTheReportTheShapeThatMachinesRead() {
        assertThat(Wire.write(Samples.report()))
                .startsWith(
                        "{\"jobId\":\"j1\",\"measuredAt\":\"2026-01-02T03:04:05.006Z\",\"model\":\"resnet20-cifar10\",\"dataset\":\"cifar10\",\"seed\":0,"
                                + "\"scheme\":\"ptq\",\"weightBits\":4,\"activationBits\":4,"
                                + "\"range\":\"mse\",\"rounding\":\"nearest\",\"target\":\"reference\","
                                + "\"granularity\":\"channel\",\"weightSymmetry\":\"asymmetric\",\"weightRange\":\"whole\","
                                + "\"equalization\":false,\"biasCorrection\":false,"
                                + "\"reconstructionIterations\":300,\"reconstructionMemory\":512,"
                                + "\"synthesis\":{\"method\":\"dsg\",\"images\":64,\"batchSize\":64,\"iterations\":200,")
                .contains("\"accuracy\":{\"images\":10000,\"fp32\":{\"top1\":0.9173,\"top5\":0.9975,"
                        + "\"top1Interval\":{\"low\":0.9113,\"high\":0.9233},")
                .contains("\"onnx\":{\"quantized\":{\"top1\":0.8868,\"top5\":0.996},\"agreement\":0.9991,"
                        + "\"bytes\":305144,\"fp32Bytes\":1079264},\"speed\":{\"runtime\":\"ONNX Runtime 1.29.0\",")
                .contains("\"gate\":{\"verdict\":\"unasked\",\"checks\":[]},\"earlier\":[{\"jobId\":\"j1\",")
                .contains("\"seconds\":{\"synthesis\":20.5,\"quantization\":1.25,\"evaluation\":9.0,\"total\":31.5},"
                        + "\"digests\":{\"model\":\"");
    }
}
