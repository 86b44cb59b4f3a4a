package dev.dsg.standalone.measure;

import picocli.CommandLine.Command;

/** What the project knows about its methods, measured. */
@Command(
        name = "study",
        description = "Measures what methods achieve, over seeds.",
        subcommands = MethodsStudy.class,
        synopsisSubcommandLabel = "methods")
public final class StudyCommand {}
