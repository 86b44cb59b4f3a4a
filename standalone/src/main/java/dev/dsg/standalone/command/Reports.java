package dev.dsg.standalone.command;

import dev.dsg.contracts.result.JobReport;
import dev.dsg.contracts.result.RunReport;
import dev.dsg.contracts.store.StoreLayout;
import dev.dsg.platform.wire.Json;
import dev.dsg.standalone.job.ReportTable;
import dev.dsg.standalone.system.Home;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Where reports go: a table on the terminal, and a file for machines if one is asked for. */
final class Reports {

    private Reports() {}

    /** Prints the reports of jobs that quantized one network in one way; nothing if there are none. */
    static void print(List<JobReport> reports, Home home, PrintStream out) {
        if (!reports.isEmpty()) {
            var bucket = home.store().resolve(StoreLayout.DEFAULT_BUCKET);
            out.println();
            new ReportTable(reports, bucket).lines().forEach(out::println);
        }
    }

    /** Writes the reports to a file; {@code null} is none. */
    static void write(List<JobReport> reports, Path file) {
        if (file != null) {
            try {
                Files.writeString(file, Json.pretty(new RunReport(reports)) + "\n");
            } catch (IOException e) {
                throw new UncheckedIOException("cannot write " + file, e);
            }
        }
    }
}
