package dev.dsg.standalone.measure;

import picocli.CommandLine.Command;

/** What the project knows about its methods, measured. */
@Command(
        name = "study",
        description = "Measures what methods achieve, over seeds.",
        subcommands = {MethodsStudy.class, StatisticsStudy.class},
        synopsisSubcommandLabel = "methods|statistics")
public final class StudyCommand {}
