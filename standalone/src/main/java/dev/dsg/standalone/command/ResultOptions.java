package dev.dsg.standalone.command;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.result.JobReport;
import dev.dsg.contracts.result.RunReport;
import dev.dsg.contracts.store.ObjectKey;
import dev.dsg.contracts.store.StoreLayout;
import dev.dsg.platform.store.ObjectStore;
import dev.dsg.platform.wire.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where the results of jobs go besides the terminal. */
final class ResultOptions {

    @Option(names = "--json", paramLabel = "FILE", description = "writes the reports to a file, for machines")
    private Path json;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            description = "a new folder for the quantized network: ONNX, safetensors, card, manifest, report, analysis")
    private Path output;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /** Refuses, before the work, places to which nothing can be written. */
    void check() {
        if (json != null && (Files.isDirectory(json) || !Files.isWritable(parent(json)))) {
            throw new ParameterException(spec.commandLine(), "--json: cannot write " + json);
        }
        if (output != null && Files.exists(output)) {
            throw new ParameterException(spec.commandLine(), "--output: " + output + " is there already");
        }
        if (output != null && !Files.isWritable(parent(output))) {
            throw new ParameterException(spec.commandLine(), "--output: cannot write " + output);
        }
    }

    /** Writes the reports, if that was asked for. */
    void write(List<JobReport> reports) {
        if (json != null) {
            try {
                Files.writeString(json, Json.pretty(new RunReport(reports)) + "\n");
            } catch (IOException e) {
                throw new UncheckedIOException("cannot write " + json, e);
            }
        }
    }

    /**
     * Copies what a job made, if that was asked for.
     *
     * @param below a folder in the folder; empty is the folder itself
     */
    void copy(JobId job, String below, ObjectStore store) {
        if (output != null) {
            var folder = output.resolve(below);
            List.of(
                            StoreLayout.onnx(job),
                            StoreLayout.artifact(job),
                            StoreLayout.artifactCard(job),
                            StoreLayout.manifest(job),
                            StoreLayout.report(job),
                            StoreLayout.reportText(job))
                    .forEach(key -> copy(key, folder, store));
            // A job from before there were analyses has none.
            store.list(StoreLayout.analysis(job)).forEach(key -> copy(key, folder.resolve("analysis"), store));
        }
    }

    private static void copy(ObjectKey key, Path folder, ObjectStore store) {
        var file = folder.resolve(Path.of(key.toString()).getFileName());
        var ref = store.find(key).orElseThrow(() -> new DsgException(ErrorCode.CORRUPT_OBJECT, key + " is missing"));
        try (var content = store.open(ref)) {
            Files.createDirectories(folder);
            Files.copy(content, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    private static Path parent(Path path) {
        return path.toAbsolutePath().getParent();
    }
}
