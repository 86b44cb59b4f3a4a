package dev.dsg.standalone.command;

import dev.dsg.standalone.measure.MethodsStudy;
import dev.dsg.standalone.measure.StatisticsStudy;
import picocli.CommandLine.Command;

/** What the project knows about its methods, measured. */
@Command(
        name = "study",
        description = "Measures what methods achieve, over seeds.",
        subcommands = {MethodsStudy.class, StatisticsStudy.class, TrainingStudyCommand.class},
        synopsisSubcommandLabel = "methods|statistics|training")
final class StudyCommand {}
