package dev.dsg.standalone.command;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.engine.EngineException;
import dev.dsg.standalone.SystemProblem;
import dev.dsg.standalone.measure.BenchCommand;
import java.io.UncheckedIOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** The root of the command line. */
@Command(
        name = "dsg",
        description = "Quantizes a network without its training data.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        sortOptions = false,
        abbreviateSynopsis = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            RunCommand.class,
            UpCommand.class,
            DownCommand.class,
            SubmitCommand.class,
            WatchCommand.class,
            JobsCommand.class,
            ReportCommand.class,
            CancelCommand.class,
            TopicsCommand.class,
            ModelCommand.class,
            DatasetCommand.class,
            DlqCommand.class,
            TrainCommand.class,
            StudyCommand.class,
            BenchCommand.class,
            TestCommand.class,
            VersionCommand.class,
            HelpCommand.class
        })
public final class Dsg {

    private Dsg() {}

    /** The command line, ready to be executed. */
    public static CommandLine commandLine() {
        var line = new CommandLine(new Dsg())
                .setExecutionExceptionHandler((e, command, _) -> report(e, command))
                .setParameterExceptionHandler((e, _) -> report(e))
                .setResourceBundle(new PresetBundle())
                .setUsageHelpAutoWidth(true);
        line.getCommandSpec()
                .usageMessage()
                .footer(
                        "",
                        "Exit codes: 0 done, 1 a job failed, 2 not understood,",
                        "3 the system has a problem, 130 interrupted.");
        return line;
    }

    private static int report(ParameterException e) {
        var line = e.getCommandLine();
        var err = line.getErr();
        err.println(line.getColorScheme().errorText("dsg: " + e.getMessage()));
        UnmatchedArgumentException.printSuggestions(e, err);
        err.println("Try " + line.getCommandSpec().qualifiedName() + " --help");
        return ExitCode.USAGE;
    }

    private static int report(Exception e, CommandLine line) {
        var message = line.getColorScheme().errorText("dsg: " + message(e));
        line.getErr().println(message);
        return switch (e) {
            case DsgException failure -> ExitCode.of(failure.code());
            case EngineException _ -> ExitCode.USAGE;
            default -> ExitCode.SYSTEM;
        };
    }

    /** A message for people where there is one; what nobody foresaw comes with its trace. */
    private static String message(Exception e) {
        return switch (e) {
            case DsgException failure -> failure.toString();
            case EngineException failure -> failure.kind() + ": " + failure.getMessage();
            case SystemProblem problem -> problem.getMessage();
            case UncheckedIOException failure -> failure.getMessage() + ": " + failure.getCause();
            default -> {
                var trace = new java.io.StringWriter();
                e.printStackTrace(new java.io.PrintWriter(trace));
                yield "a defect, please report it: " + trace;
            }
        };
    }
}
