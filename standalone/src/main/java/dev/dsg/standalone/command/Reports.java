package dev.dsg.standalone.command;

import dev.dsg.contracts.result.JobReport;
import dev.dsg.contracts.store.StoreLayout;
import dev.dsg.engine.analysis.NetworkAnalysis;
import dev.dsg.standalone.job.LayerTable;
import dev.dsg.standalone.job.ReportTable;
import dev.dsg.standalone.system.Home;
import java.io.PrintStream;
import java.util.List;

/** The tables that people see. */
final class Reports {

    private static final int WORST = 5;

    private Reports() {}

    /** Prints the reports of jobs that quantized one network in one way; nothing if there are none. */
    static void print(List<JobReport> reports, Home home, PrintStream out) {
        if (!reports.isEmpty()) {
            var bucket = home.store().resolve(StoreLayout.DEFAULT_BUCKET);
            out.println();
            new ReportTable(reports, bucket).lines().forEach(out::println);
        }
    }

    /** Prints the layers whose quantization hurts most. */
    static void print(NetworkAnalysis analysis, PrintStream out) {
        out.println();
        new LayerTable(analysis, WORST).lines().forEach(out::println);
    }
}
